// Nothing typed is lost: every key goes to this device at once and to the server three seconds later.
// A form says data-draft-key (what is written on), data-autosave-url (where the server keeps it; optional)
// and data-draft-local="off" (nothing on the device). The server answers JSON: 200 {saved_at, version},
// 409 {html, version} with both texts, 422 {error}.
import { erase, keyOf, person, put, read, valuesOf, write } from "./draft-store.js";
import { note } from "./draft-note.js";

const WAIT_MS = 3000;
const RETRY_MS = 15000;

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl ?? "";
    this.key = keyOf(form);
    this.local = Boolean(person && form.dataset.draftKey && form.dataset.draftLocal !== "off");
    this.sign = form.querySelector("[data-saved]");
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("submit", () => this.leaves());
    form.addEventListener("click", (event) => this.chooses(event.target.closest("[data-keep],[data-take]")));
    form.addEventListener("htmx:afterRequest", (event) => { this.held = false; if (event.detail.successful) erase(this.key); });
    window.addEventListener("online", () => this.dirty && this.save());
    window.addEventListener("pageshow", () => { this.held = false; });
    if (this.local) this.restore();
  }

  get version() {
    return this.form.elements.version?.value ?? "";
  }

  set version(value) {
    if (this.form.elements.version && value !== undefined) this.form.elements.version.value = value;
  }

  typed(field) {
    if (["password", "file"].includes(field.type)) return;
    this.dirty = true;
    this.keep();
    if (!this.url || this.held) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT_MS);
  }

  keep(extra = {}) {
    if (!this.local) return;
    const kept = write(this.key, { at: Date.now(), version: this.version, values: valuesOf(this.form), ...extra });
    if (!kept) this.show("stop", "Máy này không giữ được bản nháp. Ghi sớm để khỏi mất.");
    else if (!this.url) this.show("wait", "Đã giữ trên máy này, chưa gửi");
  }

  restore() {
    const draft = read(this.key);
    const before = valuesOf(this.form);
    if (!draft || JSON.stringify(draft.values) === JSON.stringify(before)) return;
    const at = new Date(draft.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    const stale = draft.version !== this.version;
    const put_back = () => { put(this.form, draft.values); this.typed(this.form); };
    const drop = () => { put(this.form, before); erase(this.key); this.dirty = false; clearTimeout(this.timer); };
    if (stale) {
      note(this.form, `Máy này còn giữ phần viết lúc ${at}, nhưng nội dung đã được sửa sau đó.`, [["Lấy phần đã giữ", put_back], ["Bỏ phần đã giữ", drop]]);
    } else {
      put_back();
      note(this.form, `Đã lấy lại phần viết lúc ${at} chưa gửi được.`, [["Bỏ phần này", drop]]);
    }
  }

  leaves() {
    clearTimeout(this.timer);
    this.held = true;
    if (this.local && this.dirty) this.keep({ sent: true, from: location.pathname });
  }

  async save() {
    if (!this.url || this.held) return;
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    this.dirty = false;
    this.show("wait", "Đang lưu…");
    try {
      const body = new FormData(this.form);
      await this.answered(await fetch(this.url, { method: "POST", body, headers: { "X-Autosave": "1" }, redirect: "manual" }));
    } catch {
      this.dirty = true;
      this.show("off", this.local ? "Mất mạng, đã giữ trên máy này. Có mạng sẽ tự gửi." : "Mất mạng, phần mới viết chưa lưu. Có mạng sẽ tự gửi.");
      this.timer = setTimeout(() => this.save(), RETRY_MS);
    }
    this.busy = false;
    if (this.again) { this.again = false; this.save(); }
  }

  async answered(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      this.dirty = true;
      this.show("stop", this.local ? "Hết phiên đăng nhập. Phần đã viết còn trên máy này; đăng nhập lại là có." : "Hết phiên đăng nhập. Mở trang này ở thẻ khác, đăng nhập rồi ghi lại.");
      return;
    }
    if (answer.status >= 500) throw new Error("server");
    const told = await answer.json();
    if (answer.status === 409) return this.differs(told);
    if (!answer.ok) {
      this.dirty = true;
      return this.show("stop", told.error ?? "Chưa lưu được. Xem lại nội dung vừa viết.");
    }
    this.version = told.version;
    if (!this.dirty && this.local) erase(this.key);
    this.show("ok", `Đã lưu ${told.saved_at}`);
  }

  differs(told) {
    this.held = this.dirty = true;
    const place = this.form.querySelector("[data-conflict]") ?? this.form.appendChild(document.createElement("div"));
    place.innerHTML = told.html;
    this.show("stop", "Có hai bản khác nhau, chọn một bản");
  }

  chooses(button) {
    if (!button) return;
    const { keep, take, text } = button.dataset;
    const area = this.form.querySelector("textarea");
    this.version = keep ?? take;
    if (take !== undefined && area) area.value = text;
    button.closest(".conflict").remove();
    this.held = false;
    this.typed(area ?? this.form);
  }

  show(kind, words) {
    if (!this.sign) return;
    this.sign.hidden = false;
    this.sign.className = `saved ${{ ok: "", wait: "wait" }[kind] ?? "off"}`.trim();
    // Read aloud only when the kind changes, not at every save.
    this.sign.setAttribute("aria-live", kind === this.kind || kind === "wait" ? "off" : "polite");
    for (const icon of this.sign.querySelectorAll("[data-icon]")) icon.hidden = icon.dataset.icon !== kind;
    this.sign.querySelector("[data-words]").textContent = words;
    if (kind !== "wait") this.kind = kind;
  }
}

function start(root) {
  for (const form of root.querySelectorAll("form[data-draft-key]:not([data-drafted]), form[data-autosave-url]:not([data-drafted])")) {
    form.dataset.drafted = "1";
    new Draft(form);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement ?? document));
