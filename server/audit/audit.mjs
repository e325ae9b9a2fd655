// Asks the gateway at BASE_URL everything that the audit suite of graphql-http asks, and
// fails unless every answer is as it should be. See run.sh.
import { serverAudits } from "graphql-http";

// So many the suite had when it was last looked at: one that asks less passes too easily.
const expected = 61;

const url = new URL("graphql", process.env.BASE_URL).href;
const fetchFn = (input, options) =>
  fetch(input, { ...options, redirect: "error", signal: AbortSignal.timeout(10_000) });

const audits = serverAudits({ url, fetchFn });
const faults = [];
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== "ok") {
    const answered = result.response ? ` (answered ${result.response.status})` : "";
    faults.push(`${result.status}: ${audit.id} ${audit.name}: ${result.reason}${answered}`);
  }
}
for (const fault of faults) {
  console.error(fault);
}
console.log(`GraphQL over HTTP: ${audits.length - faults.length} of ${audits.length} audits ok`);
if (audits.length !== expected) {
  console.error(`the suite has ${audits.length} audits, and had ${expected}: look what is new`);
}
process.exitCode = faults.length === 0 && audits.length === expected ? 0 : 1;
