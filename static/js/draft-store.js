// Local drafts: what a person typed, kept on this device under chibo:<person>:<what is written on>.
// They go away when the text is saved, on logout and after seven days. A page without a person (login,
// error) means that the last sending did not arrive: then its draft counts as unsent again.
const WEEK_MS = 7 * 24 * 3600 * 1000;
const PREFIX = "chibo:";
const SKIP = new Set(["csrfmiddlewaretoken", "submission", "version", "next"]);
const NO_TYPES = new Set(["hidden", "password", "file", "submit", "button"]);

export const person = document.body.dataset.person ?? "";

export function keyOf(form) {
  return `${PREFIX}${person}:${form.dataset.draftKey}`;
}

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

// True when the device could keep it.
export function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function erase(key) {
  try {
    localStorage.removeItem(key);
  } catch { /* storage is closed to us: there is nothing to erase */ }
}

export function fieldsOf(form) {
  return [...form.elements].filter((each) => each.name && !SKIP.has(each.name) && !NO_TYPES.has(each.type));
}

export function valuesOf(form) {
  const kept = {};
  for (const each of fieldsOf(form)) {
    if (["radio", "checkbox"].includes(each.type)) {
      kept[each.name] ??= [];
      if (each.checked) kept[each.name].push(each.value);
    } else kept[each.name] = each.value;
  }
  return kept;
}

export function put(form, values) {
  for (const each of fieldsOf(form)) {
    const value = values[each.name];
    if (value === undefined) continue;
    if (Array.isArray(value)) each.checked = value.includes(each.value);
    else each.value = value;
  }
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function refusedHere(key) {
  return [...document.querySelectorAll("form[data-draft-key]")].some((form) => keyOf(form) === key && form.querySelector(".field.bad"));
}

// The page after a sending came from the page of the form; a page opened anew proves nothing.
function arrived(draft) {
  const { pathname } = document.referrer ? new URL(document.referrer) : {};
  return person && draft.from === pathname && !document.querySelector("[data-failed]")
    && performance.getEntriesByType("navigation")[0]?.type !== "back_forward";
}

function tidy() {
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > WEEK_MS) erase(key);
    else if (draft.sent && (!arrived(draft) || refusedHere(key))) write(key, { ...draft, sent: false });
    else if (draft.sent && key.startsWith(`${PREFIX}${person}:`)) erase(key);
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("data-logout")) keys().filter((key) => key.startsWith(`${PREFIX}${person}:`)).forEach(erase);
});

tidy();
