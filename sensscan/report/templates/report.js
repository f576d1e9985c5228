/* The page's own script. Everything from the report is set as text, never as markup. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const index = data.index;
  const total = index.name.length;
  const lang = () => (document.documentElement.lang === "en" ? 0 : 1);
  const word = (key) => (data.words[key] ? data.words[key][lang()] : key.slice(key.indexOf(".") + 1));
  const label = (entry) => entry[1 + lang()];

  /* ---- the index: names and orders, made once ---- */
  const schemaName = (number) => data.schemas[number][2];
  const tableName = (number) => schemaName(data.tables[number][0]) + "." + data.tables[number][1];
  const schemaOf = new Uint32Array(total);
  for (let i = 0; i < total; i++) schemaOf[i] = data.tables[index.table[i]][0];
  let hay = null;
  function haystack() {
    if (hay) return hay;
    const tables = data.tables.map((_, number) => tableName(number).toLowerCase() + ".");
    const types = data.types.map((entry) => "\n" + entry.join("\n").toLowerCase() + "\n");
    const comments = data.comments.map((text) => text.toLowerCase());
    hay = new Array(total);
    for (let i = 0; i < total; i++) hay[i] = tables[index.table[i]] + index.name[i].toLowerCase() + types[index.type[i]] + comments[index.comment[i]];
    return hay;
  }
  const orders = new Map();
  function order(by) {
    if (orders.has(by)) return orders.get(by);
    const sorted = Uint32Array.from({ length: total }, (_, i) => i);
    if (by === "name") {
      const names = haystack();
      sorted.sort((a, b) => (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : a - b));
    } else if (by !== "") {
      const types = data.types.map((entry) => entry[1].toLowerCase());
      const rank = types.map((_, i) => i).sort((a, b) => (types[a] < types[b] ? -1 : 1));
      const place = [];
      rank.forEach((number, at) => (place[number] = at));
      const keys = { level: (i) => index.level[i], type: (i) => place[index.type[i]], sure: (i) => -index.sure[i], status: (i) => -index.status[i] };
      const key = Float64Array.from({ length: total }, (_, i) => keys[by](i));
      sorted.sort((a, b) => key[a] - key[b] || a - b);
    }
    orders.set(by, sorted);
    return sorted;
  }

  /* ---- filters ---- */
  const states = data.states.map((entry) => entry[0]);
  const stateCounts = new Array(states.length).fill(0);
  for (let i = 0; i < total; i++) stateCounts[index.state[i]]++;
  const firstState = states.findIndex((_, number) => stateCounts[number]);
  const fresh = () => ({ state: -1, level: -1, type: -1, schema: -1, status: -1, change: -1, table: -1, text: "" });
  let wanted = { ...fresh(), state: Math.max(0, firstState) };
  let sort = { by: "", down: false };

  function matching() {
    const terms = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = terms.length ? haystack() : null;
    const all = order(sort.by);
    const tests = [
      [index.state, wanted.state], [index.level, wanted.level], [index.type, wanted.type], [schemaOf, wanted.schema],
      [index.status, wanted.status], [index.change, wanted.change], [index.table, wanted.table],
    ].filter((test) => test[1] >= 0);
    const found = new Uint32Array(total);
    let count = 0;
    next: for (let at = 0; at < total; at++) {
      const i = all[sort.down ? total - 1 - at : at];
      for (const [numbers, value] of tests) if (numbers[i] !== value) continue next;
      for (const term of terms) if (!texts[i].includes(term)) continue next;
      found[count++] = i;
    }
    return found.subarray(0, count);
  }

  let current = new Uint32Array(0);
  function apply() {
    const began = performance.now();
    current = matching();
    list.show(current);
    const box = byId("list");
    box.querySelectorAll(".empty").forEach((old) => old.remove());
    if (!current.length) box.append(el("p", "empty", word("page.nothing")));
    byId("result").textContent = thousands(current.length) + " " + word("page.of") + " " + thousands(total) + " " + word("page.shown");
    document.documentElement.dataset.filterMs = (performance.now() - began).toFixed(1);
    drawControls();
  }

  const tag = (text, cls) => el("span", "tag " + (cls || ""), text);
  function chip(number) {
    return el("span", "chip lv" + number, label(data.levels[number]));
  }
  function cell(cls, ...inside) {
    const made = el("span", cls);
    made.setAttribute("role", "gridcell");
    made.append(...inside);
    return made;
  }
  function drawRow(i) {
    const row = el("div", "row");
    const name = cell("name", el("b", "", index.name[i]), el("span", "of", "  " + tableName(index.table[i])));
    name.title = tableName(index.table[i]) + "." + index.name[i];
    if (index.change[i]) name.firstChild.after(tag(label(data.changes[index.change[i]]), "tag-" + data.changes[index.change[i]][0]));
    const read = states[index.state[i]] !== "unread";
    const type = read ? label(data.types[index.type[i]]) : label(data.states[index.state[i]]);
    row.append(cell("level", chip(index.level[i])), name, cell("type", type), cell("sure", read ? percent(index.sure[i] / 10000) : "–"),
      cell("status", index.status[i] ? label(data.statuses[index.status[i]]) : ""));
    return row;
  }

  /* ---- details of one column ---- */
  const place = (i) => ({ source: data.schemas[schemaOf[i]][0], table: data.schemas[schemaOf[i]][1] + "." + data.tables[index.table[i]][1] });
  const { openDetail, closeDetail, panel } = detailView(data, { word, label, lang, tag, chip, place, back: () => byId("list").focus() });

  /* ---- tables ---- */
  function drawTable(number) {
    const [schema, name, level, columns, sensitive, unknown, rows] = data.tables[number];
    const row = el("div", "row");
    const named = cell("name", el("b", "", name), el("span", "of", "  " + schemaName(schema)));
    row.append(cell("level", chip(level)), named);
    for (const [key, value] of [["w.sensitive", sensitive], ["w.unknown", unknown], ["w.columns", columns], ["w.rows_read", rows]]) {
      const made = cell("", thousands(value));
      made.dataset.label = word(key);
      row.append(made);
    }
    return row;
  }
  function applyTables() {
    const terms = byId("table-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    data.tables.forEach((entry, number) => {
      const text = (tableName(number) + " " + entry[7]).toLowerCase();
      if (terms.every((term) => text.includes(term))) found.push(number);
    });
    found.sort((a, b) => data.tables[a][2] - data.tables[b][2] || data.tables[b][4] - data.tables[a][4] || a - b);
    tableList.show(found);
    byId("table-result").textContent = thousands(found.length) + " " + word("page.of") + " " + thousands(data.tables.length);
  }

  /* ---- controls ---- */
  const selects = {
    level: () => data.levels.map((entry, n) => [n, label(entry)]),
    type: () => data.types.map((entry, n) => [n, label(entry)]).sort((a, b) => (a[1] < b[1] ? -1 : 1)),
    schema: () => data.schemas.map((_, n) => [n, schemaName(n)]).sort((a, b) => (a[1] < b[1] ? -1 : 1)),
    status: () => data.statuses.map((entry, n) => [n, n ? label(entry) : word("page.none_status")]),
    change: () => data.changes.map((entry, n) => [n, label(entry)]),
  };
  const firsts = { level: "all_levels", type: "all_types", schema: "all_schemas", status: "all_statuses", change: "all_changes" };
  function fillSelects() {
    for (const [name, entries] of Object.entries(selects)) {
      const select = byId(name);
      const options = [[-1, word("page." + firsts[name])], ...entries()];
      select.replaceChildren(...options.map(([value, text]) => {
        const option = el("option", "", text);
        option.value = String(value);
        return option;
      }));
      select.setAttribute("aria-label", word("w." + name));
    }
  }
  function fillSegments() {
    const all = [[states.length, "all", word("w.all"), total], ...data.states.map((entry, n) => [n, entry[0], label(entry), stateCounts[n]])]
      .filter(([, key, , count]) => count || key !== "rejected");
    byId("states").replaceChildren(...[...all.slice(1), all[0]].map(([number, key, text, count]) => {
      const button = el("button", "s-" + key + (count ? " has" : ""), text);
      button.type = "button";
      button.dataset.number = String(number === states.length ? -1 : number);
      button.append(el("span", "n", thousands(count)));
      button.addEventListener("click", () => change({ state: Number(button.dataset.number) }));
      return button;
    }));
  }
  function fillSorts() {
    byId("sorts").replaceChildren(...[["level", "level"], ["name", "column"], ["type", "type"], ["sure", "sure"], ["status", "status"]].map(([by, key]) => {
      const button = el("button", by, word("w." + key));
      button.type = "button";
      button.dataset.by = by;
      button.title = word("page.sort") + " " + word("w." + key);
      button.addEventListener("click", () => {
        sort = sort.by === by ? (sort.down ? { by: "", down: false } : { by, down: true }) : { by, down: false };
        apply();
      });
      return button;
    }));
  }
  function drawControls() {
    for (const name of Object.keys(selects)) byId(name).value = String(wanted[name]);
    for (const button of byId("states").children) button.setAttribute("aria-pressed", String(Number(button.dataset.number) === wanted.state));
    for (const button of byId("sorts").children) {
      const on = button.dataset.by === sort.by;
      button.setAttribute("aria-pressed", String(on));
      button.dataset.arrow = on ? (sort.down ? "▼" : "▲") : "";
      button.textContent = button.textContent.replace(/ [▲▼]$/, "") + (on ? " " + button.dataset.arrow : "");
    }
    const token = byId("table-token");
    token.hidden = wanted.table < 0;
    token.textContent = wanted.table < 0 ? "" : tableName(wanted.table) + "  ×";
    if (byId("search").value !== wanted.text) byId("search").value = wanted.text;
  }
  function change(what) {
    wanted = { ...wanted, ...what };
    apply();
  }
  function from(what, move) {
    change({ ...fresh(), ...what });
    if (move !== false) byId("columns").scrollIntoView();
  }
  function setLanguage(language) {
    document.documentElement.lang = language;
    for (const button of document.querySelectorAll(".switch button")) button.setAttribute("aria-pressed", String(button.dataset.lang === language));
    document.title = word("w.title") + " – " + [...new Set(data.schemas.map((s) => s[0]))].join(", ");
    for (const [id, key] of [["search", "page.search"], ["table-search", "page.tables_search"]]) {
      byId(id).placeholder = word(key);
      byId(id).setAttribute("aria-label", word(key));
    }
    panel.setAttribute("aria-label", word("page.details"));
    byId("states").setAttribute("aria-label", word("w.verdict"));
    fillSelects();
    fillSegments();
    fillSorts();
    const at = list.at;
    const top = byId("list").scrollTop;
    apply();
    applyTables();
    byId("list").scrollTop = top;
    if (at >= 0) list.select(at, false);
  }

  const list = new VirtualList(byId("list"), drawRow, openDetail);
  const tableList = new VirtualList(byId("table-list"), drawTable, (number, opened) => opened && from({ table: number }));

  for (const name of Object.keys(selects)) byId(name).addEventListener("change", (event) => change({ [name]: Number(event.target.value) }));
  byId("search").addEventListener("input", (event) => change({ text: event.target.value }));
  byId("table-search").addEventListener("input", applyTables);
  byId("reset").addEventListener("click", () => from({}, false));
  byId("table-token").addEventListener("click", () => change({ table: -1 }));
  byId("print").addEventListener("click", () => window.print());
  for (const button of document.querySelectorAll(".switch button")) button.addEventListener("click", () => setLanguage(button.dataset.lang));
  const at = (entries, key) => entries.findIndex((entry) => entry[0] === key);
  for (const button of document.querySelectorAll("button[data-state]")) button.addEventListener("click", () => from({ state: states.indexOf(button.dataset.state) }));
  for (const button of document.querySelectorAll("button.bar[data-level]")) button.addEventListener("click", () => from({ level: at(data.levels, button.dataset.level) }));
  for (const button of document.querySelectorAll("button.bar[data-type]")) button.addEventListener("click", () => from({ type: at(data.types, button.dataset.type), state: 0 }));
  for (const button of document.querySelectorAll("button.bar[data-schema]")) {
    button.addEventListener("click", () => from({ schema: data.schemas.findIndex((_, n) => schemaName(n) === button.dataset.schema), state: 0 }));
  }
  for (const button of document.querySelectorAll("button[data-change]")) button.addEventListener("click", () => from({ change: at(data.changes, button.dataset.change) }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      byId("search").focus();
    } else if (event.key === "Escape" && (panel.contains(document.activeElement) || panel.classList.contains("open"))) closeDetail();
  });
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      byId("list").focus();
      list.select(0, false);
    }
  });

  /* ---- print: the rows in sight of the filters, as a real table ---- */
  const PRINTED = 1000;
  window.addEventListener("beforeprint", () => {
    const table = el("table");
    const head = el("tr");
    for (const key of ["level", "column", "type", "sure", "status"]) head.append(el("th", "", word("w." + key)));
    table.append(el("thead"), el("tbody"));
    table.tHead.append(head);
    for (const i of current.subarray(0, PRINTED)) {
      const row = el("tr");
      const level = el("td");
      level.append(chip(index.level[i]));
      row.append(level);
      for (const text of [tableName(index.table[i]) + "." + index.name[i], label(data.types[index.type[i]]), percent(index.sure[i] / 10000),
        index.status[i] ? label(data.statuses[index.status[i]]) : ""]) row.append(el("td", "", text));
      table.tBodies[0].append(row);
    }
    byId("print-rows").replaceChildren(table);
    if (current.length > PRINTED) byId("print-rows").append(el("p", "", word("page.print_cut")));
  });
  window.addEventListener("afterprint", () => byId("print-rows").replaceChildren());

  setLanguage(document.documentElement.lang);
  document.documentElement.dataset.ready = "yes";
})();
