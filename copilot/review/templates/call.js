"use strict";
(() => {
  // the page as it came, for saving it with comments: taken before anything is changed
  const pristine = document.documentElement.outerHTML;
  const find = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(find(id).textContent);
  const data = read("data");
  const comments = read("notes");
  const sound = find("sound");
  const lines = [...document.querySelectorAll(".line")].map((element) => ({
    element, start: Number(element.dataset.at), end: Number(element.dataset.end),
  }));
  const cues = [...document.querySelectorAll("#cues li")].map((element) => ({
    element, at: Number(element.dataset.at), end: Number(element.dataset.end),
  }));
  const AFTER = 4; // s that a cue stays marked after it was due
  let at = 0;
  let current = null;

  const clock = (moment) => `${Math.floor(moment / 60)}:${String(Math.floor(moment % 60)).padStart(2, "0")}`;
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function show(moment, jumped) {
    at = Math.min(Math.max(0, moment), data.length);
    const place = `${(100 * at) / data.length}%`;
    find("head").setAttribute("x1", place);
    find("head").setAttribute("x2", place);
    find("clock").textContent = find("comment-clock").textContent = clock(at);
    for (const cue of cues) {
      cue.element.classList.toggle("now", cue.at <= at + 0.02 && at < cue.end + AFTER);
    }
    // the line that is being spoken, or else the last one that was
    let last = null;
    for (const line of lines) {
      if (line.start > at + 0.02) break;
      if (!last || line.end >= at || line.start >= last.start) last = line;
    }
    if (last === current && !jumped) return;
    if (current) { current.element.classList.remove("now"); current.element.removeAttribute("aria-current"); }
    current = last;
    if (!current) return;
    current.element.classList.add("now");
    current.element.setAttribute("aria-current", "true");
    if (find("follow").checked && (jumped || (sound && !sound.paused))) follow(current.element);
  }

  function follow(element) {
    const top = find("player").getBoundingClientRect().bottom;
    const box = element.getBoundingClientRect();
    if (box.top < top + 8 || box.bottom > innerHeight - 40) {
      const to = scrollY + box.top - top - (innerHeight - top) / 3;
      scrollTo({ top: to, behavior: calm ? "auto" : "smooth" });
    }
    const scroller = find("scroller");
    const x = (at / data.length) * find("strip").offsetWidth;
    if (x < scroller.scrollLeft || x > scroller.scrollLeft + scroller.clientWidth) {
      scroller.scrollLeft = x - scroller.clientWidth / 3;
    }
  }

  function seek(moment) {
    const to = Math.min(Math.max(0, moment), data.length);
    if (sound) sound.currentTime = Math.min(to, data.sound);
    show(to, true);
  }

  function hear(moment) {
    seek(moment);
    if (sound && !find("play").disabled) sound.play().catch(() => undefined);
  }

  function toggle() {
    if (!sound || find("play").disabled) return;
    if (sound.paused) sound.play().catch(() => undefined);
    else sound.pause();
  }

  function toCue(step) {
    const later = (cue) => cue.at > at + 0.05;
    const earlier = (cue) => cue.at < at - 0.6; // twice in a row goes to the one before
    const next = step > 0 ? cues.find(later) : cues.filter(earlier).pop();
    if (!next) return;
    seek(next.at);
    next.element.scrollIntoView({ block: "nearest" });
  }

  function within(event, element) {
    const box = element.getBoundingClientRect();
    return (data.length * (event.clientX - box.left)) / box.width;
  }

  function draw() {
    const colours = { rep: style("--rep"), customer: style("--customer"), head: style("--ink") };
    const soft = (colour) => `color-mix(in srgb, ${colour} 45%, ${style("--card")})`;
    return WaveSurfer.create({
      container: find("wave"), media: sound, peaks: data.peaks, duration: data.sound,
      cspNonce: document.querySelector("style").nonce, autoScroll: false, autoCenter: false,
      hideScrollbar: true, cursorColor: colours.head, cursorWidth: 2, normalize: false, maxPeak: 1,
      splitChannels: [
        { waveColor: soft(colours.rep), progressColor: colours.rep, height: 34 },
        { waveColor: soft(colours.customer), progressColor: colours.customer, height: 34 },
      ],
    });
  }

  function load() {
    if (data.link) { sound.src = data.link; return; }
    const bytes = Uint8Array.from(atob(find("mp3").textContent), (letter) => letter.charCodeAt(0));
    sound.src = URL.createObjectURL(new Blob([bytes], { type: "audio/mpeg" }));
  }

  function listen() {
    load();
    // a log can go on after its sound has ended
    find("wave").style.width = `${(100 * data.sound) / data.length}%`;
    let wave = draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      const moment = at;
      wave.destroy(); // it lets go of the sound, too
      load();
      wave = draw();
      seek(moment);
    });
    const ready = () => { find("play").disabled = false; };
    if (sound.readyState >= 1) ready();
    sound.addEventListener("loadedmetadata", ready);
    let beside = data.link.split("/").pop(); // a page that was sent elsewhere with its recording
    sound.addEventListener("error", () => {
      if (beside && beside !== data.link) { sound.src = beside; beside = ""; return; }
      find("lost").hidden = false;
      find("play").disabled = true;
    });
    const playing = (on) => () => {
      document.body.classList.toggle("playing", on);
      find("play").querySelector(".name").textContent = on ? data.words.pause : data.words.play;
      if (on) requestAnimationFrame(tick);
    };
    const tick = () => { show(sound.currentTime, false); if (!sound.paused) requestAnimationFrame(tick); };
    sound.addEventListener("play", playing(true));
    sound.addEventListener("pause", playing(false));
    sound.addEventListener("ended", playing(false));
    sound.addEventListener("timeupdate", () => show(sound.currentTime, false));
    sound.addEventListener("seeked", () => { if (at <= data.sound) show(sound.currentTime, true); });
    find("play").addEventListener("click", toggle);
    find("back").addEventListener("click", () => seek(at - 5));
    find("ahead").addEventListener("click", () => seek(at + 5));
    find("speed").addEventListener("change", (event) => { sound.playbackRate = Number(event.target.value); });
  }

  function list() {
    const items = comments.map((comment, place) => {
      const item = document.createElement("li");
      if (typeof comment.at === "number") {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "moment";
        button.textContent = clock(comment.at);
        button.dataset.at = comment.at;
        item.append(button);
      }
      const text = document.createElement("p");
      text.textContent = comment.text;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "remove";
      remove.textContent = data.words.comment_remove;
      remove.addEventListener("click", () => { comments.splice(place, 1); changed(); });
      item.append(text, remove);
      return item;
    });
    find("comments").replaceChildren(...items);
  }

  let unsaved = false;
  function changed() {
    unsaved = true;
    find("saved").textContent = data.words.comments_unsaved;
    list();
  }

  function save() {
    const copy = new DOMParser().parseFromString(pristine, "text/html");
    // so that no comment can end the element that it stands in
    copy.getElementById("notes").textContent = JSON.stringify(comments).replace(/</g, "\\u003c");
    const whole = `<!doctype html>\n${copy.documentElement.outerHTML}\n`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([whole], { type: "text/html" }));
    link.download = `${data.name}.html`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
    find("saved").textContent = data.words.comments_saved;
  }

  find("comment").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = find("words").value.trim();
    if (!text) return;
    comments.push({ at: Math.round(at * 100) / 100, text, wall: new Date().toISOString() });
    comments.sort((one, other) => (one.at ?? -1) - (other.at ?? -1));
    find("words").value = "";
    changed();
  });
  find("save").addEventListener("click", save);
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-at]");
    if (!place) return;
    if (place.matches(".line, #cues li") && !event.target.closest("button")) return;
    event.stopPropagation();
    hear(Number(place.dataset.at));
  });
  find("lanes").addEventListener("click", (event) => {
    if (!event.target.closest(".mark")) seek(within(event, find("lanes")));
  });
  find("before")?.addEventListener("click", () => toCue(-1));
  find("after")?.addEventListener("click", () => toCue(1));
  find("zoom").addEventListener("change", (event) => {
    find("strip").style.width = `${100 * Number(event.target.value)}%`;
    show(at, true);
  });

  const KEYS = {
    " ": toggle, k: toggle, ArrowLeft: () => seek(at - 5), ArrowRight: () => seek(at + 5),
    n: () => toCue(1), p: () => toCue(-1), c: () => { find("words").focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.closest("textarea, select, input");
    if (event.key === "Escape" && typing) { event.target.blur(); return; }
    if (typing || (event.key === " " && event.target.closest("button, summary, a"))) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  list();
  if (sound) listen();
  show(0, false);
})();
