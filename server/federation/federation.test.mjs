// Composes the schema of the gateway at BASE_URL, whose program is GATEWAY, with that of another
// team (cases.mjs), has a router answer for both, and asks it across them. See run.sh.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { composeServices } from "@theguild/federation-composition";
import { buildSchema, parse } from "graphql";
import { cases, sdl as casesSDL } from "./cases.mjs";
import { ask, noting, send, serve } from "./serve.mjs";

const { BASE_URL, GATEWAY } = process.env;
const gateway = new URL("graphql", BASE_URL).href;

// printed returns the schema that the gateway's program prints.
const printed = (...args) => execFileSync(GATEWAY, args, { encoding: "utf8" });
const residentsSDL = printed("schema", "--subgraph");

// composed returns what a registry makes of subgraphs, and fails where it makes nothing.
function composed(...subgraphs) {
  const result = composeServices(subgraphs.map(({ name, sdl, url }) => (
    { name, url, typeDefs: parse(sdl) }
  )));
  assert.deepEqual(result.errors ?? [], []);
  return result;
}

const stops = [];
let visits;
let residents; // the gateway, behind what notes the questions
let others; // the subgraph of the other team
let router;

before(async () => {
  const asked = await ask(gateway, `{
    residents(first: 4) { nodes { id contactDetails(includeEnded: true) { id } } }
  }`);
  const nodes = asked.data.residents.nodes.filter((node) => node.contactDetails.length > 1);
  assert.ok(nodes.length > 1, "nobody can be reached: it would prove nothing");
  const [one, two] = nodes;
  visits = [
    { id: "v1", at: "2026-11-30", resident: two.id, tellBy: two.contactDetails[1].id },
    { id: "v2", at: "2026-12-01", resident: one.id, tellBy: one.contactDetails[0].id },
    { id: "v3", at: "2026-12-02", resident: two.id, tellBy: null },
    { id: "v4", at: "2026-12-03", resident: "mosaic:7", tellBy: "mosaic:7:phone:7" }, // nobody
  ];
  residents = await noting((body, headers) => send(gateway, body, headers));
  stops.push(residents.stop);
  others = await noting(cases(visits));
  stops.push(others.stop);
  const { supergraphSdl } = composed(
    { name: "residents", sdl: residentsSDL, url: residents.url },
    { name: "cases", sdl: casesSDL, url: others.url },
  );
  const runtime = createGatewayRuntime({ supergraph: supergraphSdl, logging: false });
  stops.push(() => runtime[Symbol.asyncDispose]());
  router = await serve(runtime);
  stops.push(router.stop);
}, { timeout: 30_000 });

after(async () => {
  for (const stop of stops.reverse()) {
    await stop();
  }
});

const check = (what, body) => test(what, { timeout: 15_000 }, body);

// across asks the router, and returns the answer with what the router asked of either subgraph.
async function across(query) {
  residents.take();
  others.take();
  const answer = await ask(router.url, query);
  return { answer, ofResidents: residents.take(), ofOthers: others.take() };
}

// oneEntityCall fails unless a subgraph was asked once, for just these entities, each once.
function oneEntityCall(asked, ...ids) {
  const told = JSON.stringify(asked, null, 1);
  assert.equal(asked.length, 1, told);
  assert.match(asked[0].query, /_entities/);
  const named = Object.values(asked[0].variables).flat().map(({ id }) => id);
  assert.deepEqual(named.sort(), [...new Set(ids)].sort(), told);
}

const visited = () => visits.map((visit) => visit.resident);
const tellers = () => visits.map((visit) => visit.tellBy).filter((id) => id !== null);

// known returns what the gateway itself says of a resident.
async function known(id, selection) {
  const { data, errors } = await ask(gateway,
    `query ($id: ID!) { resident(id: $id) { ${selection} } }`, { id });
  assert.equal(errors, undefined);
  return data.resident;
}

check("the schema that is printed is the one that a router is told", async () => {
  const { data, errors } = await ask(gateway, "{ _service { sdl } }");
  assert.equal(errors, undefined);
  assert.equal(data._service.sdl, residentsSDL);
});

check("nothing of the inside is in the schema that is printed", () => {
  for (const sdl of [residentsSDL, printed("schema")]) {
    assert.match(sdl, /type Resident /);
    assert.doesNotMatch(sdl, /goModel|goField|goTag|goEnum|goExtraField|gqlgen|github/i);
    assert.doesNotMatch(sdl, /_Any|_Entity|_Service|_entities|_service|FieldSet|directive @key/);
    assert.doesNotMatch(sdl, /entityResolver|@defer|@link\(.*@(?!key|shareable)/);
  }
  assert.doesNotMatch(printed("schema"), /@key|@link|@shareable/);
});

check("each source by itself composes, alone and with another team", () => {
  const names = buildSchema(printed("schema")).getType("SourceName").getValues();
  assert.ok(names.length > 0);
  for (const { name } of names) {
    const sdl = printed("schema", "--sources", name.toLowerCase(), "--subgraph");
    composed({ name: "residents", sdl });
    composed({ name: "residents", sdl }, { name: "cases", sdl: casesSDL });
  }
});

check("who asks the router sees one schema, without our rules", () => {
  const { publicSdl, supergraphSdl } = composed(
    { name: "residents", sdl: residentsSDL }, { name: "cases", sdl: casesSDL },
  );
  const schema = buildSchema(publicSdl);
  const fields = schema.getType("Resident").getFields();
  assert.ok(fields.contactDetails && fields.openVisitCount);
  assert.deepEqual(Object.keys(schema.getQueryType().getFields()).sort(),
    ["openVisits", "resident", "residentBySourceId", "residents", "sources"]);
  for (const sdl of [publicSdl, supergraphSdl]) {
    assert.doesNotMatch(sdl, /@requiresScope\(|@locates$|directive @(requiresScope|locates)/m);
  }
});

const shown = "fullName contactDetails { type value }";

check("visits with whom they are to, by one question to the gateway", async () => {
  const { answer, ofResidents, ofOthers } = await across(
    `{ openVisits { id at resident { id openVisitCount ${shown} } } }`);
  const openVisits = [];
  for (const { id, at, resident } of visits) {
    const told = await known(resident, shown) ?? { fullName: null, contactDetails: null };
    const openVisitCount = visits.filter((visit) => visit.resident === resident).length;
    openVisits.push({ id, at, resident: { id: resident, openVisitCount, ...told } });
  }
  assert.ok(openVisits[0].resident.fullName && openVisits[0].resident.contactDetails.length > 0);
  assert.equal(openVisits[3].resident.fullName, null);
  assert.deepEqual(answer, { data: { openVisits } });
  oneEntityCall(ofResidents, ...visited());
  assert.equal(ofOthers.length, 1);
});

check("residents with how many visits they await, by one question to the others", async () => {
  const { answer, ofResidents, ofOthers } = await across(
    `{ residents(first: 20) { nodes { id openVisitCount ${shown} } } }`);
  const { data } = await ask(gateway, `{ residents(first: 20) { nodes { id ${shown} } } }`);
  for (const node of data.residents.nodes) {
    node.openVisitCount = visits.filter((visit) => visit.resident === node.id).length;
  }
  assert.equal(data.residents.nodes.length, 20);
  assert.deepEqual(answer, { data });
  assert.equal(ofResidents.length, 1);
  oneEntityCall(ofOthers, ...data.residents.nodes.map(({ id }) => id));
});

check("how a resident is to be told, by the id of a contact detail", async () => {
  const { answer, ofResidents } = await across("{ openVisits { id tellBy { id type value } } }");
  const openVisits = [];
  for (const { id, resident, tellBy } of visits) {
    const of = await known(resident, "contactDetails(includeEnded: true) { id type value }");
    const told = of?.contactDetails.find((detail) => detail.id === tellBy) ?? null;
    openVisits.push({ id, tellBy: told });
  }
  assert.ok(openVisits[0].tellBy.type && openVisits[1].tellBy.type);
  assert.deepEqual(answer.data, { openVisits });
  assert.deepEqual(answer.errors.map(({ path }) => path), [["openVisits", 3, "tellBy", "type"]],
    "of a detail that there is not, the type may not be null");
  oneEntityCall(ofResidents, ...tellers());
});

check("both of them, by one question to the gateway", async () => {
  const { answer, ofResidents } = await across(
    "{ openVisits { id resident { isRestricted } tellBy { value } } }");
  const openVisits = [];
  for (const { id, resident, tellBy } of visits) {
    const of = await known(resident,
      "isRestricted contactDetails(includeEnded: true) { id value }");
    const detail = of?.contactDetails.find((known) => known.id === tellBy);
    openVisits.push({
      id,
      resident: of && { isRestricted: of.isRestricted },
      tellBy: tellBy && { value: detail?.value ?? null },
    });
  }
  assert.deepEqual(answer.data, { openVisits });
  assert.deepEqual(answer.errors.map(({ path }) => path),
    [["openVisits", 3, "resident", "isRestricted"]]);
  oneEntityCall(ofResidents, ...visited(), ...tellers());
});
