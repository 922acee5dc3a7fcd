// What a page does to those who have set their system otherwise: a function that is evaluated in it, with the names of
// the questions, and gives a line for each thing that is wrong.
(questions) => {
  const shows = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const ancestors = function* (each) {
    for (let at = each; at && at !== document.body; at = at.parentElement) yield at;
  };
  const style = (each, part) => getComputedStyle(each, part);
  const forEars = (each) => style(each).clipPath === "inset(50%)";

  // Text that is cut by what holds it or lies over other text, and a page that scrolls sideways. What is there for screen
  // readers alone is left out, and what is fixed to the window is compared with nothing under it.
  function unreadable() {
    const found = new Set();
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const holder = text.parentElement;
      const unseen = holder.closest(".sr, .skip, [popover], svg, select, thead, .top .user");
      if (!text.data.trim() || unseen || !shows(holder) || [...ancestors(holder)].some(forEars)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
      const said = text.data.trim().slice(0, 40);
      const over = [...ancestors(holder)];
      texts.push({ said, boxes, lifted: over.find((at) => /fixed|sticky/.test(style(at).position)) });
      for (const at of over.filter((each) => /hidden|clip/.test(style(each).overflow))) {
        const edge = at.getBoundingClientRect();
        const out = (box) => Math.max(edge.left - box.left, box.right - edge.right, (edge.top - box.top) / 2, (box.bottom - edge.bottom) / 2);
        if (boxes.some((box) => out(box) > 2)) found.add(`cut: ${said}`);
      }
    }
    texts.forEach((one, number) => {
      for (const other of texts.slice(number + 1).filter((each) => each.lifted === one.lifted)) {
        if (one.boxes.some((a) => other.boxes.some((b) => meet(a, b)))) found.add(`over each other: ${one.said} | ${other.said}`);
      }
    });
    if (document.documentElement.scrollWidth > innerWidth) found.add("it scrolls sideways");
    return [...found];
  }

  function meet(a, b) {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return wide > 2 && high > Math.min(a.height, b.height) / 3;
  }

  function moving() {
    const long = ({ transitionDuration, animationDuration }) =>
      `${transitionDuration},${animationDuration}`.split(",").some((time) => parseFloat(time) > 0.01);
    return [...document.querySelectorAll("*")]
      .filter((each) => [null, "::before", "::after"].some((part) => long(style(each, part))))
      .map((each) => `moves: ${each.outerHTML.slice(0, 80)}`)
      .concat(document.getAnimations().map(() => "an animation runs"));
  }

  // Whatever takes focus shows it: by its own outline, its label's, or that of what it stands for; in a drawing by its line.
  function unmarked() {
    const outlined = (each) => each && style(each).outlineStyle !== "none" && parseFloat(style(each).outlineWidth) >= 2;
    const lines = (each) => [...each.children].map((part) => style(part).stroke + style(part).strokeWidth).join();
    const takes = "a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    return [...document.querySelectorAll(takes)]
      .filter((each) => each.checkVisibility({ visibilityProperty: true }))
      .filter((each) => {
        const before = lines(each);
        each.focus({ focusVisible: true, preventScroll: true });
        if (document.activeElement !== each) return true;
        if (each.closest("svg")) return lines(each) === before;
        return ![each, each.closest("label"), each.nextElementSibling].some(outlined);
      })
      .map((each) => `focus does not show: ${each.outerHTML.slice(0, 80)}`);
  }

  const all = { unreadable, moving, unmarked };
  return questions.flatMap((question) => all[question]());
}
