/** The page on which a table is looked at, in the browser: what is in sight is asked for, and nothing else. */
import "regular-table";

const $ = (id) => document.getElementById(id);
const grid = $("grid");
const NUMBERS = ["Long", "Double"];
/** Types whose cells are no numbers, ids included. */
const TEXTS = ["String", "Bool", "Mask", "FloatArray", "DoubleArray", "LongArray"];
/** As wide as a digit, and as a point. */
const [DIGIT, POINT] = ["\u2007", "\u2008"];

const about = await get("/api/table");
const state = {
  query: "",
  sort: "",
  descending: false,
  rowCount: about.rowCount,
  shown: about.columns.map((_, index) => index),
  active: { row: 0, column: 0 },
};

$("title").textContent = about.title;
document.title = about.title;

/** What is waited for; whatever comes next ends it, and so does Escape. */
let waiting = new AbortController();

function begin() {
  waiting.abort();
  waiting = new AbortController();
  tell("working …  Esc stops");
  document.body.classList.add("working");
  return waiting.signal;
}

function end(signal) {
  if (signal === waiting.signal) document.body.classList.remove("working");
}

/** @throws Error with the server's words */
async function get(path, parameters = {}, signal = undefined) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`, { signal });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `the server answered ${response.status}`);
  return answer;
}

function choice() {
  return { query: state.query, sort: state.sort, descending: String(state.descending) };
}

function tell(text, isFault = false) {
  $("status").textContent = text;
  $("status").className = isFault ? "fault" : "";
}

function tellCount() {
  const all = about.rowCount.toLocaleString("en");
  const some = state.rowCount.toLocaleString("en");
  tell(state.query === "" ? `${all} ${about.rowCount === 1 ? "row" : "rows"}` : `${some} of ${all} rows`);
}

const isNumeric = (column) => NUMBERS.includes(column.type);
const isAlignedRight = (column) => !TEXTS.includes(column.type);
const shownColumns = () => state.shown.map((index) => about.columns[index]);

grid.setDataListener(async (x0, y0, x1, y1) => {
  const columns = state.shown.slice(x0, x1);
  const stop = Math.min(y1, state.rowCount, y0 + 500);
  const part =
    columns.length === 0 || stop <= y0
      ? { numbers: [], columns: columns.map(() => []) }
      : await get("/api/rows", { ...choice(), start: y0, stop, columns });
  return {
    num_rows: state.rowCount,
    num_columns: state.shown.length,
    column_headers: columns.map((index) => [heading(about.columns[index])]),
    row_headers: part.numbers.map((number) => [String(number)]),
    data: part.columns.map((cells, at) =>
      about.columns[columns[at]].type === "Double" ? alignedByPoint(cells) : cells,
    ),
  };
});

/** Numbers with as many places after the point as those around them, blank ones where they have fewer. */
function alignedByPoint(cells) {
  const places = cells.map((cell) => (/^-?\d+(?:\.(\d+))?$/.exec(cell) ?? [])[1]?.length ?? 0);
  const most = Math.min(Math.max(...places, 0), 12);
  return cells.map((cell, row) => {
    const blank = DIGIT.repeat(Math.max(0, most - places[row]));
    return cell === "" || cell.includes("e") ? cell : cell + (places[row] === 0 && most > 0 ? POINT : "") + blank;
  });
}

function heading({ name }) {
  return state.sort === name ? `${name} ${state.descending ? "▼" : "▲"}` : name;
}

grid.addStyleListener(() => {
  for (const cell of grid.querySelectorAll("td")) {
    const { x, y } = grid.getMeta(cell);
    const column = shownColumns()[x];
    cell.classList.toggle("number", column !== undefined && isAlignedRight(column));
    cell.classList.toggle("image", about.hasThumbnails && column?.type === "Image");
    const isActive = x === state.active.column && y === state.active.row;
    cell.classList.toggle("active", isActive);
    if (isActive) cell.setAttribute("aria-selected", "true");
    else cell.removeAttribute("aria-selected");
  }
  for (const cell of grid.querySelectorAll("thead th")) {
    const { x } = grid.getMeta(cell) ?? {};
    const column = shownColumns()[x];
    if (column === undefined) continue;
    cell.classList.toggle("number", isAlignedRight(column));
    cell.title = `${column.type}${column.description ? `: ${column.description}` : ""}`;
    const sorted = state.sort === column.name ? (state.descending ? "descending" : "ascending") : "none";
    cell.setAttribute("aria-sort", sorted);
  }
});

/** Takes another condition or order; the rows before stay where it is refused. */
async function change(next) {
  const before = { ...state };
  const wanted = { ...choice(), ...next, descending: String(next.descending ?? state.descending) };
  const signal = begin();
  try {
    const { rowCount } = await get("/api/count", wanted, signal);
    Object.assign(state, next, { rowCount });
    state.active.row = 0;
    grid.scrollTop = 0;
    await grid.draw();
    tellCount();
    if (state.query !== before.query && !$("aside").hidden) await panel?.();
  } catch (error) {
    tellFailure(error);
  } finally {
    end(signal);
  }
}

function tellFailure(error) {
  if (error.name === "AbortError") tellCount();
  else tell(error.message, true);
}

function sortBy(name) {
  if (state.sort !== name) return change({ sort: name, descending: false });
  return change(state.descending ? { sort: "", descending: false } : { descending: true });
}

$("filter").addEventListener("submit", (event) => {
  event.preventDefault();
  change({ query: $("query").value.trim() }).then(() => grid.focus());
});

grid.addEventListener("click", (event) => {
  const cell = event.target.closest("td, th");
  const meta = cell && grid.getMeta(cell);
  if (!meta) return;
  if (cell.tagName === "TD") moveTo(meta.y, meta.x);
  else if (cell.closest("thead") && shownColumns()[meta.x]) sortBy(shownColumns()[meta.x].name);
});

async function moveTo(row, column) {
  state.active = { row: clamp(row, state.rowCount - 1), column: clamp(column, state.shown.length - 1) };
  await intoSight();
  showImage();
}

const clamp = (value, most) => Math.max(0, Math.min(value, most));

function isInSight() {
  const frame = grid.getBoundingClientRect();
  return [...grid.querySelectorAll("td")].some((cell) => {
    const { x, y } = grid.getMeta(cell);
    const { right, bottom } = cell.getBoundingClientRect();
    return x === state.active.column && y === state.active.row && right <= frame.right && bottom <= frame.bottom;
  });
}

async function intoSight() {
  const { row, column } = state.active;
  if (!isInSight()) await grid.scrollToCell(column, Math.max(0, row - 3), state.shown.length, state.rowCount);
  await grid.draw();
  if (isInSight()) return;
  // The last rows end where the table does.
  grid.scrollTop = row > state.rowCount / 2 ? grid.scrollHeight : 0;
  await grid.draw();
}

const page = () => Math.max(1, grid.querySelectorAll("tbody tr").length - 3);
const MOVES = {
  ArrowDown: () => [1, 0],
  ArrowUp: () => [-1, 0],
  ArrowRight: () => [0, 1],
  ArrowLeft: () => [0, -1],
  PageDown: () => [page(), 0],
  PageUp: () => [-page(), 0],
  Home: (all) => (all ? [-state.rowCount, -state.shown.length] : [0, -state.shown.length]),
  End: (all) => (all ? [state.rowCount, state.shown.length] : [0, state.shown.length]),
};

grid.addEventListener("keydown", (event) => {
  const move = MOVES[event.key];
  if (move) {
    event.preventDefault();
    const [down, right] = move(event.ctrlKey || event.metaKey);
    moveTo(state.active.row + down, state.active.column + right);
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey) act(event);
});

function act(event) {
  const column = shownColumns()[state.active.column];
  const actions = {
    s: () => sortBy(column.name),
    p: () => describe(column),
    c: () => scatterOf(column),
    h: () => hide(state.shown[state.active.column]),
    Escape: () => {
      if (document.body.classList.contains("working")) return waiting.abort();
      $("aside").hidden = true;
      grid.draw();
    },
  };
  if (column === undefined || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== $("query")) {
    event.preventDefault();
    $("query").focus();
  } else if (event.key === "Escape" && document.activeElement === $("query")) grid.focus();
});

function hide(index) {
  if (state.shown.length === 1) return;
  state.shown = state.shown.filter((one) => one !== index);
  state.active.column = clamp(state.active.column, state.shown.length - 1);
  listColumns();
  grid.draw();
}

function listColumns() {
  $("columns").replaceChildren(
    ...about.columns.map(({ name }, index) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = state.shown.includes(index);
      box.addEventListener("change", () => {
        const shown = about.columns
          .map((_, one) => one)
          .filter((one) => (one === index ? box.checked : state.shown.includes(one)));
        if (shown.length > 0) state.shown = shown;
        else box.checked = true;
        grid.draw();
      });
      label.append(box, ` ${name}`);
      return label;
    }),
  );
}

/** Makes anew what is shown beside the rows. */
let panel;

function openAside(title, picture, facts) {
  $("column").textContent = title;
  $("picture").replaceChildren(...(picture ? [picture] : []));
  $("facts").replaceChildren(...facts.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
  if ($("aside").hidden) {
    $("aside").hidden = false;
    grid.draw();
  }
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function picture(path, alt, kind = "plot") {
  const image = document.createElement("img");
  image.className = kind;
  image.src = path;
  image.alt = alt;
  image.addEventListener("error", () => image.remove());
  return image;
}

async function describe(column) {
  panel = () => describe(column);
  const signal = begin();
  try {
    const facts = await get("/api/describe", { column: column.name, query: state.query }, signal);
    const { count, missing, distinct, isDistinctEstimated, minimum, maximum, quartiles, mean, deviation, commonest } =
      facts;
    const rows = {
      type: column.type,
      values: grouped(count),
      missing: grouped(missing),
      different: distinct === undefined ? undefined : `${isDistinctEstimated ? "about " : ""}${grouped(distinct)}`,
      minimum: isNumeric(column) ? minimum && short(minimum) : minimum,
      "25 %": quartiles && short(quartiles[0]),
      median: quartiles && short(quartiles[1]),
      "75 %": quartiles && short(quartiles[2]),
      maximum: isNumeric(column) ? maximum && short(maximum) : maximum,
      mean: mean === undefined ? undefined : short(mean),
      deviation: deviation === undefined ? undefined : short(deviation),
    };
    const more = (commonest ?? []).map(([text, times]) => [text, `${times} times`]);
    const plot = isNumeric(column)
      ? picture(
          `/api/plot?${new URLSearchParams({ kind: "histogram", x: column.name, query: state.query })}`,
          `Histogram of ${column.name}`,
        )
      : undefined;
    openAside(column.name, plot, [
      ...Object.entries(rows)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
      ...more,
    ]);
    tellCount();
  } catch (error) {
    tellFailure(error);
  } finally {
    end(signal);
  }
}

const grouped = (number) => number.toLocaleString("en");
/** Integers in full, other numbers to six digits. */
const short = (value) => (/^-?\d+$/.test(value) ? String(value) : String(Number(Number(value).toPrecision(6))));

/** Against the column of numbers before it. */
function scatterOf(column) {
  const before = shownColumns()
    .slice(0, shownColumns().indexOf(column))
    .findLast((one) => isNumeric(one));
  if (before === undefined || !isNumeric(column)) return tell("a scatter plot needs two columns of numbers", true);
  const path = `/api/plot?${new URLSearchParams({ kind: "scatter", x: before.name, y: column.name, query: state.query })}`;
  panel = () => scatterOf(column);
  openAside(`${before.name}, ${column.name}`, picture(path, `${column.name} by ${before.name}`), []);
}

/** The image that the active cell names, where the server has pictures. */
function showImage() {
  const column = shownColumns()[state.active.column];
  if (!about.hasThumbnails || column?.type !== "Image") return;
  const cell = grid.querySelector("td.active");
  if (!cell) return;
  panel = undefined;
  const title = `Image ${cell.textContent}`;
  openAside(title, picture(`/api/thumbnail/${cell.textContent}`, title, "thumbnail"), []);
}

$("close").addEventListener("click", () => {
  $("aside").hidden = true;
  grid.draw();
  grid.focus();
});

listColumns();
tellCount();
await grid.draw();
grid.focus();
