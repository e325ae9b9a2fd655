// Writes the vendor folder from installed packages: build.mjs NODE_MODULES VENDOR.
// The scripts are the bytes that npm gives. The style sheet is without its fonts.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [modules, vendor] = process.argv.slice(2);
const read = (...path) => readFileSync(join(modules, ...path), "utf8");
const write = (name, text) => writeFileSync(join(vendor, name), text);

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });

write("react.production.min.js", read("react/umd/react.production.min.js"));
write("react-dom.production.min.js", read("react-dom/umd/react-dom.production.min.js"));
write("graphiql.min.js", read("graphiql/graphiql.min.js"));
write("graphiql.css", withoutFonts(read("graphiql/graphiql.min.css")));
write("licences.txt", licences());

// withoutFonts drops the two web fonts, which are six sevenths of the sheet and
// which the page's policy would refuse. The page names fonts of the system.
function withoutFonts(css) {
  const lean = css.replace(/@font-face\s*\{[^}]*\}\s*/g, "");
  if (lean.length === css.length || lean.includes("font/woff")) {
    throw new Error("graphiql.min.css no longer holds its fonts as it did");
  }
  return lean;
}

// licences gathers what every package inside the scripts asks to be kept with it.
function licences() {
  const packages = new Map(); // licence text -> packages under it
  for (const name of bundled()) {
    const manifest = JSON.parse(read(name, "package.json"));
    const file = readdirSync(join(modules, name)).find((f) => /^licen[sc]e/i.test(f));
    const author = manifest.author?.name ?? manifest.author ?? "its authors";
    const text = file
      ? read(name, file).replace(/\r\n/g, "\n").trim()
      : `The package holds no licence file. It says: ${manifest.license}, by ${author}.`;
    packages.set(text, [...(packages.get(text) ?? []), `${name} (${manifest.license})`]);
  }
  const parts = [...packages].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
  const rule = `\n${"-".repeat(78)}\n\n`;
  return "The playground holds these packages, under these licences.\n" + rule + parts.join(rule);
}

// bundled names the packages in the scripts, as GraphiQL's source map lists them.
function bundled() {
  const { sources } = JSON.parse(read("graphiql/graphiql.min.js.map"));
  const names = new Set(["graphiql", "react", "react-dom"]);
  for (const source of sources) {
    const inside = source.split("node_modules/").at(-1);
    const sibling = source.match(/^\.\.\/\.\.\/([^/.]+)\//)?.[1];
    if (inside !== source) {
      names.add(inside.match(/^(@[^/]+\/)?[^/]+/)[0]);
    } else if (sibling) {
      names.add(sibling.replace(/^graphiql-/, "@graphiql/"));
    }
  }
  return [...names].sort();
}
