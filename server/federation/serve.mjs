// Servers on free ports of this machine's own address.
import { createServer } from "node:http";

// serve has a handler of node:http answer at a free port. It returns the address, and what stops
// it.
export async function serve(handler) {
  const server = createServer(handler);
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

// noting serves a subgraph, and notes the body of each request before it is answered. What answers
// is given the body and the headers.
export async function noting(answer) {
  const asked = [];
  const server = await serve(async (request, response) => {
    try {
      const body = JSON.parse(await text(request));
      asked.push(body);
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(await answer(body, request.headers)));
    } catch (fault) {
      console.error(fault);
      response.writeHead(500).end();
    }
  });
  return { ...server, take: () => asked.splice(0) };
}

async function text(stream) {
  let all = "";
  for await (const part of stream.setEncoding("utf8")) {
    all += part;
  }
  return all;
}

// ask puts a question to a server, and returns the answer.
export const ask = (url, query, variables) => send(url, { query, variables }, {});

// send sends what another has asked on, in the form in which they asked, and returns the answer.
export async function send(url, body, { accept = "application/json" }) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept },
    body: JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
  });
  return response.json();
}
