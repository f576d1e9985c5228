"use strict";
/* Small tools of all scripts of the page. */
const byId = (id) => document.getElementById(id);
const thousands = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
const percent = (share) => (share > 0.99 ? ">99%" : Math.round(share * 100) + "%");

function el(tag, cls, text) {
  const made = document.createElement(tag);
  if (cls) made.className = cls;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
}
