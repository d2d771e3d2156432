/**
 * The page of operators: what a server is doing, and what it can be told.
 *
 * @module
 */

import { showDialects } from "./dialects.js";
import { byId, bytesText, element, secondsText, show, spanText, visible } from "./elements.js";
import { follow } from "./feed.js";
import { Figures } from "./figures.js";
import { People } from "./people.js";
import { Plot } from "./plot.js";
import { isSure, perform } from "./verbs.js";

/** Where the token is kept: for as long as the tab is open, and for nobody else. */
const KEY = "chat.operators.token";

const rate = (value) => value >= 10 || value === 0 ? String(Math.round(value)) : value.toFixed(1);
const plots = [
  new Plot("Messages a second", [{ of: (sample) => sample.acceptedRate }], rate),
  new Plot("Outcomes a second", [
    { of: (sample) => sample.deliveredRate, name: "delivered" },
    { of: (sample) => sample.refusedRate, name: "not" },
  ], rate),
  new Plot("Time to the acknowledgement", [
    { of: (sample) => sample.p50, name: "p50" },
    { of: (sample) => sample.p99, name: "p99" },
  ], secondsText),
  new Plot("Present, connected", [
    { of: (sample) => sample.present, name: "present" },
    { of: (sample) => sample.connections, name: "connections" },
  ], String),
  new Plot("Waiting to be written", [{ of: (sample) => sample.queued }], bytesText),
  new Plot("Event loop late by, p99", [{ of: (sample) => sample.late }], secondsText),
];
byId("plots").append(...plots.map((plot) => plot.element));

const token = () => sessionStorage.getItem(KEY);
const figures = new Figures();
const people = new People({
  async kick({ name }) {
    if (await isSure(`Close the connection of ${name}? They may come again.`)) {
      await perform(token(), "kick", { name }, `kick ${name}`);
    }
  },
  async deny({ address }) {
    if (await isSure(`Let nobody in from ${address} from now on? Who is here stays.`)) {
      await perform(token(), "deny", { address }, `deny ${address}`);
    }
  },
});

onSubmit("say", async () => {
  const [text, to] = [byId("text").value, byId("to").value];
  const isDone = await perform(
    token(),
    "say",
    { text, ...to !== "" && { to } },
    `say ${to === "" ? "to all" : `to ${to}`}`,
  );
  if (isDone) byId("text").value = "";
});
onSubmit("network", async ({ submitter }) => {
  const verb = submitter?.value ?? "deny";
  const network = byId("address").value.trim();
  if (await perform(token(), verb, { network }, `${verb} ${network}`)) byId("address").value = "";
});
onSubmit("reload", () => perform(token(), "reload", {}, "reload"));
onSubmit("ask", () => {
  sessionStorage.setItem(KEY, byId("token").value.trim());
  byId("token").value = "";
  run();
});
byId("forget").addEventListener("click", () => {
  sessionStorage.removeItem(KEY);
  location.reload();
});

function onSubmit(id, act) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    act(event);
  });
}

/** Follows the server until it wants another token, and then asks for one. */
async function run() {
  byId("ask").hidden = true;
  tell("Connecting …");
  const { status, message } = await follow(token(), { told, lost });
  byId("server").hidden = true;
  byId("forget").hidden = true;
  tell("Not connected", "bad");
  const hasTried = token() !== null;
  sessionStorage.removeItem(KEY);
  show(byId("why"), status === 401 && !hasTried ? "This server asks who you are." : visible(message));
  byId("ask").hidden = false;
  byId("token").focus();
}

function told(report) {
  tell(report.ready ? "Live" : `Not ready: ${visible((report.why ?? []).join(", "))}`, report.ready ? "good" : "bad");
  document.body.classList.remove("off");
  byId("server").hidden = false;
  byId("forget").hidden = token() === null;
  showFacts(report);
  const samples = figures.add(report);
  for (const plot of plots) plot.draw(samples);
  people.show(report);
  showDialects(report);
}

function lost(seconds) {
  document.body.classList.add("off");
  // Not each second anew, for those who hear it.
  if (seconds === 1 || byId("feed").className !== "bad") tell("The server cannot be reached: trying again", "bad");
}

function tell(text, state = "") {
  const feed = byId("feed");
  feed.className = state;
  show(feed, text);
}

function showFacts(report) {
  const at = Date.parse(report.at);
  const until = report.certificateUntil && Date.parse(report.certificateUntil);
  const facts = {
    version: report.version,
    state: report.state,
    "has run for": spanText(at - Date.parse(report.startedAt)),
    listens: report.listeners.map(({ label, port }) => `${label} ${port}`).join(", "),
    memory: bytesText(report.memory.rss),
    ...until && { certificate: until > at ? `good for ${spanText(until - at)}` : "has expired" },
    ...report.cluster &&
      {
        cluster: report.cluster.isServing ? "serving" : "cannot be reached",
        elsewhere: `${report.usersElsewhere} present`,
      },
  };
  const list = byId("facts");
  const names = Object.keys(facts);
  if ([...list.querySelectorAll("dt")].map((term) => term.textContent).join() !== names.join()) {
    list.replaceChildren(...names.map((name) => element("div", {}, element("dt", {}, name), element("dd"))));
  }
  Object.values(facts).forEach((text, i) => show(list.children[i].lastChild, visible(text)));
}

run();
