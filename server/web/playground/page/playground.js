// Starts GraphiQL on this page, so that it keeps nothing once the page is left, and
// mends what would shut out people who use a keyboard, a screen reader or a phone.
"use strict";

{
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const narrow = matchMedia("(max-width: 800px)").matches;

  // A Storage that is gone with the page. Answers hold personal data, questions may
  // hold names, and headers hold tokens: none of them may stay in the browser.
  class Memory {
    #items = new Map();

    get length() {
      return this.#items.size;
    }

    getItem(key) {
      return this.#items.get(key) ?? null;
    }

    setItem(key, value) {
      this.#items.set(key, String(value));
    }

    removeItem(key) {
      this.#items.delete(key);
    }

    clear() {
      this.#items.clear();
    }
  }

  // ask sends one operation, and resolves to what GraphiQL should show for it, also
  // when the answer is not one of GraphQL.
  async function ask(operation, headers, signal) {
    const response = await fetch(settings.endpoint, {
      method: "POST",
      headers: {
        "Accept": "application/graphql-response+json, application/json;q=0.9",
        "Content-Type": "application/json",
        ...headers,
      },
      body: JSON.stringify(operation),
      signal,
    });
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      const status = `${response.status} ${response.statusText}`.trim();
      return { errors: [{ message: `The gateway answered ${status}. ${text.slice(0, 500)}` }] };
    }
  }

  // fetcher is how GraphiQL asks. Its Stop button unsubscribes, which drops the request
  // and so ends the work at the gateway too.
  function fetcher(operation, options) {
    const stop = new AbortController();
    return {
      subscribe(observer) {
        ask(operation, options?.headers, stop.signal).then(
          (answer) => {
            observer.next(answer);
            observer.complete();
          },
          (error) => {
            if (!stop.signal.aborted) {
              observer.error(error);
            }
          },
        );
        return { unsubscribe: () => stop.abort() };
      },
    };
  }

  // An editor is left with the Tab key, as any other field is: GraphiQL keeps the key
  // for indenting, and who has no mouse could not get out. Long lines are wrapped.
  function mendEditor(element) {
    const editor = element.CodeMirror;
    if (!editor || element.dataset.mended) {
      return;
    }
    element.dataset.mended = "true";
    editor.addKeyMap({ "Tab": false, "Shift-Tab": false });
    editor.setOption("lineWrapping", true);
    editor.setOption("screenReaderLabel", editorName(element));
  }

  function editorName(element) {
    if (element.closest(".graphiql-response")) {
      return "Answer";
    }
    if (element.closest(".graphiql-query-editor")) {
      return "Query";
    }
    const isFirst = !element.closest(".graphiql-editor").previousElementSibling;
    return isFirst ? "Variables" : "Headers";
  }

  // The tabs hold buttons, which the role of a tab forbids. They become what they are:
  // a list of buttons, one of which is the current.
  function mendTab(tab) {
    const [open, close] = tab.querySelectorAll("button");
    if (tab.hasAttribute("aria-selected")) {
      open.setAttribute("aria-current", tab.getAttribute("aria-selected"));
      tab.removeAttribute("aria-selected");
    }
    tab.removeAttribute("role");
    name(close, `Close ${open.textContent}`);
  }

  function name(element, label) {
    if (element && element.getAttribute("aria-label") !== label) {
      element.setAttribute("aria-label", label);
    }
  }

  function mend() {
    document.querySelectorAll(".CodeMirror").forEach(mendEditor);
    document.querySelectorAll(".graphiql-tab").forEach(mendTab);
    document.querySelector(".graphiql-tabs")?.removeAttribute("role");
    document.querySelector("#graphiql-session[role=tabpanel]")?.setAttribute("role", "region");
    // Named "Set active", where its text says which of the questions it is.
    for (const item of document.querySelectorAll(".graphiql-history-item-label[aria-label]")) {
      item.removeAttribute("aria-label");
    }
  }

  const changes = { subtree: true, childList: true, attributeFilter: ["aria-selected", "role"] };
  new MutationObserver(mend).observe(document.body, changes);

  ReactDOM.createRoot(document.getElementById("playground")).render(
    React.createElement(GraphiQL, {
      fetcher,
      storage: new Memory(),
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
      defaultEditorToolsVisibility: narrow ? false : "variables",
      defaultTabs: settings.examples.map(({ query, variables }) => ({
        query,
        variables: variables ? JSON.stringify(variables, null, 2) : null,
      })),
    }),
  );
}
