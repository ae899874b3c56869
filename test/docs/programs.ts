/** The snippets of a page as programs: read from the top down, each may use what those before it have made. */
import type { Block } from "./pages.js";

const IMPORT = /^import\s+(?:(\w+)\s*,?\s*)?(?:\{([^}]*)\}\s*)?from\s+"([^"]+)";\n?/gm;

/** What a page takes as given, for who has read how to connect. */
const GIVEN: Readonly<
  Record<string, { readonly value: string; readonly from?: readonly [name: string, module: string] }>
> = {
  connection: {
    value: 'await connectToOmero({ server: "omero.example.org", username: "ann" })',
    from: ["connectToOmero", "omero2frame"],
  },
  image: { value: 'await connection.getObject("Image", 101)' },
  store: { value: 'await openStore("analysis.store")', from: ["openStore", "omero2frame/store"] },
};

/** One program of several snippets, each in the scope of the one before. */
export function programOf(blocks: readonly Block[]): string {
  const imports = new Imports();
  const given = givenFor(blocks);
  for (const name of given) imports.add(GIVEN[name]!.from);
  const made = given.map((name) => `const ${name} = ${GIVEN[name]!.value};\n`);
  const scopes = blocks.map(({ code, place }) => `{ console.error("## ${place}");\n${imports.takenFrom(code)}\n`);
  return `${imports}${made.join("")}${scopes.join("")}${"}".repeat(blocks.length)}\n${closing(given)}export {};\n`;
}

function closing(given: readonly string[]): string {
  return given
    .filter((name) => name !== "image")
    .map((name) => `await ${name}.close();\n`)
    .join("");
}

/** Names that a snippet uses, which neither it nor one before it declares; in the order in which they are made. */
function givenFor(blocks: readonly Block[]): string[] {
  const isMissing = (name: string) =>
    blocks.some(({ code }, index) => {
      const used = new RegExp(`(?<![.\\w"/-])${name}\\b(?!["(:/])`).test(code);
      const declared = new RegExp(`(?:const|using|let|\\w:) ${name}\\b`).test(code);
      const earlier = blocks
        .slice(0, index)
        .some((one) => new RegExp(`^(?:const|await using|let) ${name}\\b`, "m").test(one.code));
      return used && !declared && !earlier;
    });
  const missing = Object.keys(GIVEN).filter(isMissing);
  return missing.includes("image") && !missing.includes("connection") ? ["connection", ...missing] : missing;
}

/** The imports of all snippets, each name once. */
class Imports {
  readonly #names = new Map<string, Set<string>>();

  add(one: readonly [name: string, module: string] | undefined): void {
    if (one !== undefined) this.#of(one[1]).add(one[0]);
  }

  /** The code without its imports, which are kept. */
  takenFrom(code: string): string {
    return code.replaceAll(IMPORT, (_, whole: string | undefined, names: string | undefined, module: string) => {
      for (const name of names?.split(",") ?? []) if (name.trim() !== "") this.#of(module).add(name.trim());
      if (whole !== undefined) this.#of(module).add(`default as ${whole}`);
      return "";
    });
  }

  toString(): string {
    return [...this.#names]
      .map(([module, names]) => `import { ${[...names].join(", ")} } from "${module}";\n`)
      .join("");
  }

  #of(module: string): Set<string> {
    const names = this.#names.get(module) ?? new Set();
    this.#names.set(module, names);
    return names;
  }
}
