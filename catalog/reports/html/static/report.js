// The tables of a report, and the boxes on a photograph. Texts enter as text only.
"use strict";

(() => {
  const ROWS_ON_PAGE = 50;
  const TYPING_PAUSE_MS = 120;

  // Where things are in a row of data/index.js and data/sites.js.
  const ID = 0, HEADLINE = 1, THUMB = 2, WIDTH = 3, HEIGHT = 4, SIZE = 5, COPIES = 6, USES = 7, SITES = 8;
  const EARLIEST = 9, EARLIEST_SITE = 10, HOURS = 11, CONFLICTS = 12, CREDIT = 13, MORE_CREDITS = 14, SEARCHED = 15;
  const SITE = 0, HAS = 1, OBSERVED = 2, SHARED = 3, PARTNER = 4, PARTNER_SHARES = 5;
  const KINDS = ["caption", "credit", "credit missing"];

  const number = new Intl.NumberFormat("en");
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }

  function stranger(text) {
    const made = document.createElement("bdi");
    made.textContent = text;
    return made;
  }

  // Words

  function when(text) {
    const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
    if (!found) return stranger(text);
    const zone = found[3] === "Z" || found[3] === "+00:00" ? "UTC" : found[3] || "";
    const made = element("time", "", element("span", "day", found[1]));
    made.dateTime = text;
    if (found[2]) made.append(" ", element("span", "clock", `${found[2]} ${zone}`.trim()));
    return made;
  }

  function hours(value) {
    if (value === null) return "";
    return value > 0 && value < 10 ? `${value.toFixed(1)} h` : `${number.format(Math.round(value))} h`;
  }

  function days(value) {
    return value === null || value < 48 ? null : element("span", "note", `${number.format(Math.round(value / 24))} days`);
  }

  function kinds(bits) {
    return KINDS.filter((_, place) => bits & (1 << place));
  }

  // What a table shows

  function thumbnail(row) {
    if (!row[THUMB]) return element("span", "no-picture", "no picture to show");
    const image = document.createElement("img");
    image.loading = "lazy";
    image.decoding = "async";
    image.width = row[WIDTH];
    image.height = row[HEIGHT];
    image.alt = "";
    image.src = `thumbs/${row[THUMB]}.webp`;
    return image;
  }

  function photograph(row) {
    const link = element("a", "", stranger(row[HEADLINE]));
    link.href = `clusters/${row[ID]}.html`;
    return element("div", "photograph", link, element("span", "facts", element("span", "id", row[ID]), ` ${row[SIZE]}`));
  }

  const clusters = {
    one: "photograph",
    many: "photographs",
    columns: [
      { key: "picture", title: "Picture", show: thumbnail, className: "thumb-cell" },
      { key: "photo", title: "Best copy", value: (row) => row[HEADLINE], show: photograph, isHeader: true },
      { key: "copies", title: "Copies", value: (row) => row[COPIES], isNumber: true },
      { key: "uses", title: "Uses", value: (row) => row[USES], isNumber: true },
      { key: "sites", title: "Sites", value: (row) => row[SITES].length, isNumber: true },
      {
        key: "earliest",
        title: "Earliest observed",
        value: (row) => row[EARLIEST],
        show: (row) => element("span", "", when(row[EARLIEST]), " ", element("span", "site", stranger(row[EARLIEST_SITE]))),
      },
      {
        key: "spread",
        title: "Spread",
        value: (row) => (row[HOURS] === null ? -1 : row[HOURS]),
        show: (row) => element("span", "", hours(row[HOURS]), " ", days(row[HOURS])),
        isNumber: true,
      },
      {
        key: "conflicts",
        title: "Conflicts",
        value: (row) => kinds(row[CONFLICTS]).length * 8 + row[CONFLICTS],
        show: (row) => element("span", "flags", ...kinds(row[CONFLICTS]).map((kind) => element("span", "flag", kind))),
        isMostFirst: true,
      },
      {
        key: "credit",
        title: "Credit",
        value: (row) => row[CREDIT],
        show: (row) => element("span", "", stranger(row[CREDIT]), " ",
          row[MORE_CREDITS] ? element("span", "note", `and ${row[MORE_CREDITS]} more`) : null),
      },
    ],
    searched: (row, data) =>
      [row[ID], row[HEADLINE], row[SEARCHED], row[CREDIT], ...row[SITES].map((site) => data.sites[site])].join("\n"),
    filters: {
      conflict: (row, wanted) => {
        if (wanted === "any") return row[CONFLICTS] !== 0;
        if (wanted === "none") return row[CONFLICTS] === 0;
        return kinds(row[CONFLICTS]).includes(wanted);
      },
      across: (row) => row[SITES].length > 1,
    },
  };

  const sites = {
    one: "site",
    many: "sites",
    columns: [
      { key: "site", title: "Site", value: (row) => row[SITE], show: (row) => stranger(row[SITE]), isHeader: true },
      { key: "photographs", title: "Photographs", value: (row) => row[HAS], isNumber: true },
      { key: "earliest", title: "Earliest observed here", value: (row) => row[OBSERVED], isNumber: true },
      { key: "shared", title: "Shared with others", value: (row) => row[SHARED], isNumber: true },
      {
        key: "partner",
        title: "Most with",
        value: (row) => row[PARTNER],
        show: (row) => element("span", "", stranger(row[PARTNER]), row[PARTNER] ? ` (${number.format(row[PARTNER_SHARES])})` : ""),
      },
    ],
    searched: (row) => row[SITE],
    filters: {},
  };

  // A table of which one page is there, and whose state is the address's fragment

  class Table {
    constructor(root, kind, data) {
      this.root = root;
      this.kind = kind;
      this.data = data;
      this.form = root.querySelector("form");
      this.body = root.querySelector("tbody");
      this.haystacks = null;
      this.page = 0;
      this.headers = this.drawHeaders(root.querySelector("thead tr"));
      this.listen();
      root.hidden = false;
      this.read();
    }

    drawHeaders(line) {
      const headers = new Map();
      for (const column of this.kind.columns) {
        const cell = element("th", column.isNumber ? "number" : column.className || "");
        cell.scope = "col";
        cell.setAttribute("role", "columnheader");
        if (column.value) {
          const button = element("button", "sort", column.title, element("span", "arrow"));
          button.type = "button";
          button.addEventListener("click", () => this.sortBy(column));
          cell.append(button);
          headers.set(column.key, cell);
        } else {
          cell.append(element("span", "hidden", column.title));
        }
        line.append(cell);
      }
      return headers;
    }

    listen() {
      let pause = 0;
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("input", (event) => {
        clearTimeout(pause);
        const isTyping = event.target.type === "search";
        pause = setTimeout(() => this.filtered(isTyping), isTyping ? TYPING_PAUSE_MS : 0);
      });
      this.form.addEventListener("reset", () => setTimeout(() => this.filtered(false)));
      for (const button of this.root.querySelectorAll("[data-turn]")) {
        button.addEventListener("click", () => this.turn(button));
      }
      window.addEventListener("hashchange", () => this.read());
    }

    // State

    read() {
      const told = new URLSearchParams(location.hash.slice(1));
      // A link within the page, as to its content, is not a state of the table.
      if (this.page && location.hash && ![...told.values()].some(Boolean)) return;
      for (const field of this.form.elements) {
        if (!field.name) continue;
        if (field.type === "checkbox") field.checked = told.has(field.name);
        else if (document.activeElement !== field || field.value.trim() !== (told.get(field.name) || "")) {
          field.value = told.get(field.name) || "";
        }
      }
      this.sort = this.kind.columns.find((column) => column.value && column.key === told.get("sort")) || null;
      this.isDown = told.get("order") === "down";
      this.page = Math.max(1, Number.parseInt(told.get("page"), 10) || 1);
      this.draw();
    }

    tell(isStep) {
      const told = new URLSearchParams();
      for (const field of this.form.elements) {
        const isSet = field.type === "checkbox" ? field.checked : field.value;
        if (field.name && isSet) told.set(field.name, field.value.trim());
      }
      if (this.sort) {
        told.set("sort", this.sort.key);
        told.set("order", this.isDown ? "down" : "up");
      }
      if (this.page > 1) told.set("page", this.page);
      const fragment = `#${told.toString() || "state=all"}`;
      if (fragment === location.hash) return;
      // A step is one that Back undoes; each letter typed is none.
      if (isStep) location.hash = fragment;
      else location.replace(fragment);
    }

    sortBy(column) {
      const wasDown = this.isDown;
      const downFirst = Boolean(column.isNumber || column.isMostFirst);
      this.isDown = this.sort === column ? !wasDown : downFirst;
      this.sort = column;
      this.page = 1;
      this.tell(true);
    }

    filtered(isTyping) {
      this.page = 1;
      this.tell(!isTyping);
    }

    turn(button) {
      if (button.getAttribute("aria-disabled") === "true") return;
      const last = this.lastPage;
      this.page = { first: 1, previous: this.page - 1, next: this.page + 1, last }[button.dataset.turn];
      this.tell(true);
      if (button.closest(".lower")) this.root.scrollIntoView();
    }

    // Rows

    found() {
      let rows = this.data.rows;
      const values = Object.fromEntries(new FormData(this.form));
      for (const [name, keep] of Object.entries(this.kind.filters)) {
        if (values[name]) rows = rows.filter((row) => keep(row, values[name]));
      }
      const words = (values.q || "").toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length) {
        this.haystacks ??= new Map(this.data.rows.map((row) => [row, this.kind.searched(row, this.data).toLowerCase()]));
        rows = rows.filter((row) => words.every((word) => this.haystacks.get(row).includes(word)));
      }
      return this.sort ? this.sorted(rows) : rows;
    }

    sorted(rows) {
      const { value } = this.sort;
      const way = this.isDown ? -1 : 1;
      const keyed = rows.map((row) => [value(row), row]);
      keyed.sort(([one], [other]) => {
        // What is not known stands last either way.
        if (one === "" || other === "") return (one === "") - (other === "");
        return way * (typeof one === "number" ? one - other : order.compare(one, other));
      });
      return keyed.map(([, row]) => row);
    }

    draw() {
      const rows = this.found();
      this.lastPage = Math.max(1, Math.ceil(rows.length / ROWS_ON_PAGE));
      this.page = Math.min(this.page, this.lastPage);
      const start = (this.page - 1) * ROWS_ON_PAGE;
      this.body.replaceChildren(...rows.slice(start, start + ROWS_ON_PAGE).map((row) => this.line(row)));
      this.drawState(rows.length, start);
    }

    line(row) {
      const line = element("tr");
      line.setAttribute("role", "row");
      for (const column of this.kind.columns) {
        const shown = column.show ? column.show(row) : number.format(column.value(row));
        const cell = element(column.isHeader ? "th" : "td", column.isNumber ? "number" : column.className || "", shown);
        cell.setAttribute("role", column.isHeader ? "rowheader" : "cell");
        if (column.isHeader) cell.scope = "row";
        cell.dataset.label = column.title.toLowerCase();
        line.append(cell);
      }
      return line;
    }

    drawState(count, start) {
      for (const [key, cell] of this.headers) {
        const isSorted = this.sort && this.sort.key === key;
        if (isSorted) cell.setAttribute("aria-sort", this.isDown ? "descending" : "ascending");
        else cell.removeAttribute("aria-sort");
      }
      const all = this.data.rows.length;
      const { one, many } = this.kind;
      const things = all === 1 ? one : many;
      const shown = count > ROWS_ON_PAGE ? `, ${number.format(start + 1)} to ${number.format(Math.min(count, start + ROWS_ON_PAGE))} shown` : "";
      this.root.querySelector(".found").textContent =
        count === 0 ? `No ${one} is like that` : `${number.format(count)} ${count === all ? "" : `of ${number.format(all)} `}${things}${shown}`;
      for (const pager of this.root.querySelectorAll(".turn")) pager.hidden = this.lastPage === 1;
      for (const place of this.root.querySelectorAll(".where")) {
        place.textContent = `${number.format(this.page)} of ${number.format(this.lastPage)}`;
      }
      for (const button of this.root.querySelectorAll("[data-turn]")) {
        const isBack = button.dataset.turn === "first" || button.dataset.turn === "previous";
        button.setAttribute("aria-disabled", String(isBack ? this.page === 1 : this.page === this.lastPage));
      }
    }
  }

  // Boxes on the best copy and the rows of their copies

  function pairBoxes() {
    const frames = [...document.querySelectorAll(".frame")];
    const rows = [...document.querySelectorAll("[data-copy]")];
    if (!frames.length) return;

    function mark(copies) {
      for (const frame of frames) {
        const isMeant = frame.dataset.copies.split(" ").some((copy) => copies.includes(copy));
        frame.classList.toggle("meant", isMeant);
        frame.classList.toggle("aside", copies.length > 0 && !isMeant);
      }
      for (const row of rows) row.classList.toggle("meant", copies.includes(row.dataset.copy));
    }

    function follow(thing, copies) {
      thing.addEventListener("pointerenter", () => mark(copies));
      thing.addEventListener("pointerleave", () => mark([]));
      thing.addEventListener("focusin", () => mark(copies));
      thing.addEventListener("focusout", () => mark([]));
    }

    for (const frame of frames) follow(frame, frame.dataset.copies.split(" "));
    for (const row of rows) {
      if (row.classList.contains("copy")) follow(row, [row.dataset.copy]);
    }
  }

  // What is not in sight is loaded late, and drawn later still; but paper does not wait for it. So it is loaded once
  // there is nothing else to do.

  function hurry() {
    for (const image of document.images) {
      image.loading = "eager";
      image.decoding = "sync";
    }
  }

  window.addEventListener("load", () => (window.requestIdleCallback || setTimeout)(hurry));
  window.addEventListener("beforeprint", hurry);

  const root = document.querySelector("[data-table]");
  if (root && window.photodeskData) new Table(root, { clusters, sites }[root.dataset.table], window.photodeskData);
  pairBoxes();
})();
