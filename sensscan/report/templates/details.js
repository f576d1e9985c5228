/* The details of one column: verdict, scorecard, coverage, and what the catalogue and the store say. */
function detailView(data, { word, label, lang, tag, chip, place, back }) {
  const index = data.index;
  const blocks = new Map();
  async function details(i) {
    const number = Math.floor(i / data.block);
    if (!blocks.has(number)) {
      const bytes = Uint8Array.from(atob(byId("block-" + number).textContent), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      blocks.set(number, JSON.parse(await new Response(stream).text()));
    }
    const block = blocks.get(number);
    return { text: (n) => block.t[n][lang()], d: block.c[i % data.block] };
  }

  const panel = byId("detail");
  let shown = -1;
  async function openDetail(i, opened) {
    shown = i;
    if (typeof DecompressionStream === "undefined") {
      panel.replaceChildren(el("p", "note", word("page.too_old")));
      return;
    }
    const { text, d } = await details(i);
    if (shown !== i) return;
    panel.replaceChildren(...detailParts(i, text, d));
    panel.scrollTop = 0;
    if (opened) {
      panel.classList.add("open");
      panel.focus();
    }
  }
  function closeDetail() {
    panel.classList.remove("open");
    back();
  }
  function pairs(rows) {
    const made = el("dl", "pairs");
    for (const [name, value] of rows) {
      if (value === "" || value === null || value === undefined) continue;
      made.append(el("dt", "", name), el("dd", "", String(value)));
    }
    return made;
  }
  function block(title, ...parts) {
    return [el("h4", "", title), ...parts];
  }
  function detailParts(i, text, d) {
    const close = el("button", "plain close", word("page.close"));
    close.type = "button";
    close.addEventListener("click", closeDetail);
    const parts = [close, el("h3", "", index.name[i]), el("p", "where", place(i).source + "  " + place(i).table)];
    const judged = el("p", "judgement");
    judged.append(chip(index.level[i]));
    if (d.verdict) {
      const what = d.verdict === "is" || d.verdict === "contains" ? label(data.types[index.type[i]]) : word("verdict." + d.verdict);
      judged.append(el("b", "", (d.verdict === "contains" ? word("verdict.contains") + word("w.colon") : "") + what), el("span", "", percent(index.sure[i] / 10000)));
    } else judged.append(el("b", "", word("w.not_read")));
    for (const flag of d.flags || []) judged.append(tag(word("flag." + flag)));
    parts.push(judged);
    if (d.reason) {
      const note = el("div", "note");
      note.append(el("b", "", word("reason." + d.reason[0]) + word("w.colon")), el("span", "", text(d.reason[1])));
      parts.push(note);
    }
    if (d.conflict) parts.push(el("div", "note", word("w.conflict") + word("w.colon") + d.conflict));
    parts.push(...kinds(text, d), ...scorecard(text, d), ...coverage(d));
    const list = (values) => (values || []).join(" ");
    parts.push(...block(word("w.column"), pairs([
      [word("w.data_type"), data.dtypes[index.dtype[i]]], [word("w.comment"), data.comments[index.comment[i]]], [word("page.position"), d.position],
      [word("page.references"), d.refs], [word("w.category"), d.category], [word("w.because"), list(d.because)], [word("w.marks"), list(d.marks)],
      [word("w.status"), index.status[i] ? label(data.statuses[index.status[i]]) : ""],
      ...(d.owner || []).map(([key, value]) => [word("owner." + key), value]),
      [word("w.change"), index.change[i] ? label(data.changes[index.change[i]]) + (d.previous ? " (" + word("page.previous") + word("w.colon") + d.previous + ")" : "") : ""],
      [word("w.excepted"), d.excepted], [word("w.examined_in"), d.run],
    ])));
    return parts;
  }
  function kinds(text, d) {
    const parts = [];
    if (d.contains) parts.push(...block(word("w.contains"), pairs(d.contains.map(([name, rows, distinct, share, path]) =>
      [text(name), percent(share) + " · " + thousands(rows) + " " + word("w.rows") + " · " + thousands(distinct) + " " + word("page.distinct_hits") + (path ? " · " + path : "")]))));
    if (d.also) parts.push(...block(word("w.also"), pairs(d.also.map(([name, sure, why]) => [text(name), percent(sure) + " · " + text(why)]))));
    if (d.near) parts.push(...block(word("w.alternatives"), pairs(d.near.map(([name, sure]) => [text(name), (sure * 100).toFixed(1) + "%"]))));
    return parts;
  }
  function scorecard(text, d) {
    if (!d.lines || !d.lines.length) return [];
    const drawn = (line, named) => {
      const [name, kind, detector, weight, reason, passed, tested, examples] = line;
      const made = el("div", "line");
      made.append(el("span", "w " + (weight > 0 ? "plus" : weight < 0 ? "minus" : ""), (weight > 0 ? "+" : "") + weight.toFixed(2)));
      const counted = tested === null || tested === undefined ? "" : "  " + (passed === null ? "" : thousands(passed) + " / ") + thousands(tested);
      made.append(el("span", "k", (named ? text(name) + " · " : "") + word("kind." + kind) + (detector === kind ? "" : " · " + detector) + counted), el("span", "r", text(reason)));
      if (examples.length) {
        const masks = el("span", "masks");
        for (const example of examples) masks.append(el("code", "", example));
        made.append(masks);
      }
      return made;
    };
    const own = d.lines.filter((line) => line[8]);
    const others = d.lines.filter((line) => !line[8]);
    const parts = block(word("w.scorecard"));
    if (own.length) {
      const sum = el("div", "line sum");
      sum.append(el("span", "w", own.reduce((all, line) => all + line[3], 0).toFixed(2)), el("span", "", word("page.total")));
      parts.push(...own.map((line) => drawn(line, false)), sum, el("p", "quiet", word("page.score")));
    }
    if (others.length) parts.push(...block(word("page.other_lines")), ...others.map((line) => drawn(line, true)));
    return parts;
  }
  function coverage(d) {
    if (!d.cover) return [];
    const [method, rows, nonNull, distinct, placeholders, complete, estimate, miss] = d.cover;
    return block(word("w.coverage"), pairs([
      [word("w.method"), word("method." + method)], [word("w.rows"), thousands(rows)], [word("w.non_null"), thousands(nonNull)],
      [word("w.distinct"), thousands(distinct)], [word("w.placeholders"), thousands(placeholders)],
      [word("w.complete"), word(complete ? "w.yes" : "w.no")], [word("w.row_estimate"), estimate === null ? "" : thousands(estimate)],
      [word("w.miss_below"), miss === null ? "" : word("page.below") + " " + (miss * 100).toFixed(2) + "% " + word("page.of_rows")],
    ]));
  }
  return { openDetail, closeDetail, panel };
}
