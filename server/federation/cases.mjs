// Another team's subgraph: what visits are to be made to residents. Its schema is the one that
// docs/how-to/join-a-federation.md shows; all that it knows of a resident is an id.
import { readFileSync } from "node:fs";
import { buildSchema, graphql } from "graphql";

const page = new URL("../../docs/how-to/join-a-federation.md", import.meta.url);
export const sdl = readFileSync(page, "utf8").match(/```graphql\n(.*?)   ```/s)[1];

// What a subgraph has beside its own schema, so that a router can ask it.
const ofFederation = `
  scalar _Any
  union _Entity = Resident
  type _Service { sdl: String! }
  extend type Query {
    _service: _Service!
    _entities(representations: [_Any!]!): [_Entity]!
  }
`;

const schema = buildSchema(sdl + ofFederation, { assumeValidSDL: true });

// cases returns what answers a request to the subgraph of a team that has these visits to make. A
// visit is to a resident, by id, and may say by which contact detail they are to be told of it.
export function cases(visits) {
  const resident = (id) => ({
    __typename: "Resident",
    id,
    openVisitCount: visits.filter((visit) => visit.resident === id).length,
  });
  const rootValue = {
    _service: () => ({ sdl }),
    _entities: ({ representations }) => representations.map(({ id }) => resident(id)),
    openVisits: () => visits.map((visit) => ({
      ...visit,
      resident: resident(visit.resident),
      tellBy: visit.tellBy && { id: visit.tellBy },
    })),
  };
  return ({ query, variables }) =>
    graphql({ schema, source: query, rootValue, variableValues: variables });
}
