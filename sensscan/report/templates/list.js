/* A list of any length: only the rows in sight are in the document. Rows have one height, read from the style sheet. */
class VirtualList {
  constructor(box, draw, choose) {
    this.box = box;
    this.space = box.firstElementChild;
    this.draw = draw;
    this.choose = choose;
    this.items = [];
    this.at = -1;
    this.rows = new Map();
    this.pending = false;
    box.addEventListener("scroll", () => this.later(), { passive: true });
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.select(Number(row.dataset.at), true);
    });
    new ResizeObserver(() => this.refresh()).observe(box);
  }
  get height() {
    return matchMedia("(max-width:700px)").matches ? 66 : 44;
  }
  show(items) {
    this.items = items;
    this.at = -1;
    this.box.scrollTop = 0;
    this.box.setAttribute("aria-rowcount", String(items.length));
    this.refresh();
  }
  refresh() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.space.style.height = this.items.length * this.height + "px";
    this.paint();
  }
  later() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.paint();
    });
  }
  paint() {
    const height = this.height;
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - 8);
    const last = Math.min(this.items.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + 8);
    for (const [at, row] of this.rows) {
      if (at < first || at >= last) {
        row.remove();
        this.rows.delete(at);
      }
    }
    const added = document.createDocumentFragment();
    for (let at = first; at < last; at++) {
      if (this.rows.has(at)) continue;
      const row = this.draw(this.items[at]);
      row.id = this.box.id + "-" + at;
      row.dataset.at = String(at);
      row.setAttribute("role", "row");
      row.setAttribute("aria-rowindex", String(at + 1));
      row.style.transform = "translateY(" + at * height + "px)";
      this.mark(row, at === this.at);
      this.rows.set(at, row);
      added.append(row);
    }
    this.space.append(added);
  }
  mark(row, on) {
    row.classList.toggle("on", on);
    row.setAttribute("aria-selected", String(on));
  }
  select(at, opened) {
    if (!this.items.length) return;
    at = Math.max(0, Math.min(this.items.length - 1, at));
    const before = this.rows.get(this.at);
    if (before) this.mark(before, false);
    this.at = at;
    const top = at * this.height;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    const bottom = top + this.height - this.box.clientHeight;
    if (bottom > this.box.scrollTop) this.box.scrollTop = bottom;
    this.paint();
    const row = this.rows.get(at);
    if (row) this.mark(row, true);
    this.box.setAttribute("aria-activedescendant", this.box.id + "-" + at);
    this.choose(this.items[at], opened);
  }
  key(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    if (event.key in steps) {
      event.preventDefault();
      this.select(this.at < 0 ? (event.key === "End" ? 1e9 : 0) : this.at + steps[event.key], false);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.select(this.at, true);
    }
  }
}
