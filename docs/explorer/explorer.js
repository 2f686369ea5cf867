// The decision explorer: turns the switches into a number and shows the answer of that number.
// No rule stands here; every answer is in the table beside it, which the library writes.
(function () {
  "use strict";

  const tables = window.EXPLORERS || [window.EXPLORER];
  const root = document.getElementById("explorer");
  if (!tables[0] || !root) return;

  const DEPOSIT = {
    not_required: "none is asked for",
    collect: "is collected as usual",
    waived: "is waived",
  };
  const CARD = {
    not_required: "is not part of the booking",
    capture: "is shown as usual",
    bypassed: "is bypassed",
  };

  let data; // the table that is shown, its index, and where its switches stand
  let index;
  let setting;
  let pending = 0; // the address follows once the switches rest

  // The number of the setting: one digit a switch, the last one turns fastest.
  function number() {
    let value = 0;
    for (const one of data.switches) {
      const place = one.options.findIndex(([key]) => key === setting[one.key]);
      value = value * one.options.length + place;
    }
    return value;
  }

  function answer() {
    const [eligible, prompt, reasons, notes, deposit, card, draws, schedule, told, cancels] =
      data.answers[index.getUint16(2 * number(), true)];
    const text = (place) => data.texts[place];
    return {
      eligible: eligible === 1,
      prompt: prompt === 1,
      reasons: reasons.map((place) => data.findings[place]),
      notes: notes.map((place) => data.findings[place]),
      deposit: text(deposit),
      card: text(card),
      draws: draws.map(text),
      schedule: text(schedule),
      told: text(told),
      cancels: cancels.map(([who, what]) => [text(who), text(what)]),
    };
  }

  // make("p", {class: "x"}, "words", node, ...) makes one element.
  function make(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  // Which plan, where the page has several, and what one may look at first.
  function starts() {
    if (tables.length === 1) return [];
    const plan = make("select", { id: "ex-plan" });
    for (const one of tables) plan.append(make("option", { value: one.key }, `${one.key}. ${one.title}`));
    plan.value = data.key;
    plan.addEventListener("change", () => {
      choose(plan.value, {});
      document.getElementById("ex-plan").focus();
    });
    const paid = data.points.length - data.refused;
    const listed = (points) => make("div", { class: "ex-options" }, ...points.map(([words, point]) => {
      const button = make("button", { type: "button", class: "ex-point" }, words);
      button.addEventListener("click", () => turn({ ...data.start, ...point }));
      return button;
    }));
    const named = (words, points) => (points.length ? [make("p", { class: "ex-points" }, words), listed(points)] : []);
    return [
      make(
        "section",
        { class: "ex-group ex-plans" },
        make("h2", {}, make("label", { for: "ex-plan" }, "The plan")),
        plan,
        ...named("It pays for", data.points.slice(0, paid)),
        ...named("It refuses", data.points.slice(paid)),
      ),
    ];
  }

  function switches() {
    const form = make("form", { class: "ex-switches", "aria-label": "The facts" });
    form.append(...starts());
    let group = null;
    for (const one of data.switches) {
      if (group === null || group.dataset.name !== one.group) {
        group = make("section", { class: "ex-group" }, make("h2", {}, one.group));
        group.dataset.name = one.group;
        form.append(group);
      }
      const choices = make("div", { class: "ex-options" });
      for (const [key, words] of one.options) {
        const id = `ex-${one.key}-${key}`;
        const input = make("input", { type: "radio", name: one.key, value: key, id });
        choices.append(input, make("label", { for: id }, words));
      }
      group.append(make("fieldset", {}, make("legend", {}, one.label), choices));
    }
    const again = make("button", { type: "reset", class: "ex-again" }, "Start again");
    form.append(again);
    form.addEventListener("change", (event) => {
      if (event.target.type === "radio") turn({ [event.target.name]: event.target.value });
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      turn(data.start);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    return form;
  }

  function clause(id) {
    const href = `../reference/clauses.html#${id.toLowerCase()}`;
    const page = id.startsWith("D") ? href.replace("clauses", "decisions") : href;
    return make("a", { class: "ex-clause", href: page }, id);
  }

  function finding([code, clauses, message, advice]) {
    const rule = `../reference/rules.html#rule-${code.replaceAll("_", "-")}`;
    return make(
      "li",
      { "data-code": code },
      make("p", { class: "ex-message" }, message),
      make("p", { class: "ex-advice" }, "To change it: ", advice, "."),
      make("p", { class: "ex-cited" }, make("a", { href: rule }, make("code", {}, code)), ...clauses.map(clause)),
    );
  }

  function findings(name, heading, listed) {
    if (!listed.length) return [];
    return [make("h3", {}, heading), make("ul", { class: "ex-findings", "data-answer": name }, ...listed.map(finding))];
  }

  function shown() {
    const found = answer();
    const many = `${found.reasons.length} reason${found.reasons.length === 1 ? "" : "s"}`;
    const verdict = found.eligible ? "Yes, the package pays" : `No, for ${many}`;
    const follows = make(
      "dl",
      { class: "ex-follows" },
      make("div", {}, make("dt", {}, "The deposit"), make("dd", { "data-answer": "deposit", "data-value": found.deposit }, DEPOSIT[found.deposit])),
      make("div", {}, make("dt", {}, "The card page"), make("dd", { "data-answer": "card", "data-value": found.card }, CARD[found.card])),
    );
    const parts = [
      make(
        "div",
        { class: `ex-verdict ${found.eligible ? "ex-yes" : "ex-no"}`, role: "status" },
        make("p", { class: "ex-word", "data-answer": "verdict", "data-value": String(found.eligible) }, verdict),
        make("p", {}, found.prompt ? "Ana is shown a prompt: " : "Ana is told: ", make("q", { "data-answer": "told" }, found.told)),
      ),
      ...findings("reasons", "Why not", found.reasons),
      make("h3", {}, "What follows now"),
      follows,
    ];
    if (found.draws.length) {
      parts.push(make("ul", { class: "ex-draws", "data-answer": "draws" }, ...found.draws.map((each) => make("li", {}, each))));
    }
    parts.push(...findings("notes", "Staff may want to know", found.notes));
    if (found.schedule) {
      const rows = found.cancels.map(([who, what]) =>
        make("tr", {}, make("th", { scope: "row" }, who), make("td", {}, what)),
      );
      parts.push(
        make("h3", {}, data.changes),
        make("p", { "data-answer": "schedule" }, found.schedule),
        make("table", { class: "ex-cancels", "data-answer": "cancels" }, make("tbody", {}, ...rows)),
      );
    }
    panel.replaceChildren(...parts);
    bar.className = `ex-bar ${found.eligible ? "ex-yes" : "ex-no"}`;
    bar.textContent = `${verdict} ↓`;
  }

  function address() {
    const facts = data.switches.map((one) => `${one.key}=${setting[one.key]}`);
    return "#" + (data.key ? [`plan=${data.key}`, ...facts] : facts).join("&");
  }

  // Takes those of the wanted facts that the switches know, and shows what follows.
  function turn(wanted) {
    for (const one of data.switches) {
      const key = wanted[one.key];
      if (one.options.some(([known]) => known === key)) setting[one.key] = key;
      document.getElementById(`ex-${one.key}-${setting[one.key]}`).checked = true;
    }
    shown();
    clearTimeout(pending);
    // Not by location.replace: its event would come later, and undo what was turned meanwhile.
    pending = setTimeout(() => history.replaceState(null, "", address()), 150);
  }

  function fromAddress() {
    return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  }

  const panel = make("section", { class: "ex-answer", id: "ex-answer", "aria-label": "The decision", tabindex: "-1" });
  const bar = make("button", { type: "button", class: "ex-bar" });
  bar.addEventListener("click", () => {
    panel.scrollIntoView();
    panel.focus({ preventScroll: true });
  });
  // Shows the table of that key, or the first one, with its start and what is wanted of it.
  function choose(key, wanted) {
    const table = tables.find((one) => one.key === key) || tables[0];
    if (table !== data) {
      data = table;
      const bytes = Uint8Array.from(atob(data.index), (each) => each.charCodeAt(0));
      index = new DataView(bytes.buffer);
      setting = {};
      root.replaceChildren(switches(), panel, bar);
    }
    turn(data.start);
    turn(wanted);
  }

  const wanted = fromAddress();
  choose(wanted.plan, wanted);
  new IntersectionObserver(([seen]) => {
    bar.hidden = seen.isIntersecting;
  }, { rootMargin: "0px 0px -120px 0px" }).observe(panel);
  window.addEventListener("hashchange", () => {
    if (location.hash === address()) return;
    const asked = fromAddress();
    if (asked.plan && asked.plan !== data.key) choose(asked.plan, asked);
    else turn(asked);
  });
})();
