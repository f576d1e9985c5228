(() => {
  const search = byId("search");
  const rows = [...document.querySelectorAll("#changes tbody tr")];
  const kinds = [...document.querySelectorAll("button[data-kind]")];
  let kind = "";
  function apply() {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = (kind !== "" && row.dataset.kind !== kind) || !terms.every((term) => text.includes(term));
      if (!row.hidden) count++;
    }
    byId("result").textContent = count + " / " + rows.length;
    for (const button of kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
  }
  function setLanguage(language) {
    document.documentElement.lang = language;
    for (const button of document.querySelectorAll(".switch button")) button.setAttribute("aria-pressed", String(button.dataset.lang === language));
    if (!search) return;
    search.placeholder = language === "en" ? search.dataset.en : search.dataset.zh;
    search.setAttribute("aria-label", search.placeholder);
  }
  for (const button of document.querySelectorAll(".switch button")) button.addEventListener("click", () => setLanguage(button.dataset.lang));
  for (const button of kinds) {
    button.addEventListener("click", () => {
      kind = kind === button.dataset.kind ? "" : button.dataset.kind;
      apply();
    });
  }
  if (search) {
    search.addEventListener("input", apply);
    apply();
  }
  setLanguage(document.documentElement.lang);
  document.documentElement.dataset.ready = "yes";
})();
