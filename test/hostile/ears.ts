/** Listens to all that is printed, thrown, logged and told, and finds secrets in it. */
import { inspect } from "node:util";
import { vi } from "vitest";

const MOST_PLACES = 4;

export class Ears {
  readonly #heard: string[] = [];
  readonly #secrets = new Set<string>();

  /** What must not be heard, in clear or in another writing. */
  keepSecret(...secrets: readonly string[]): void {
    for (const secret of secrets) {
      const bytes = Buffer.from(secret);
      const writings = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString("hex")];
      for (const writing of writings) this.#secrets.add(writing);
      this.#secrets.add(bytes.toString("base64").replace(/=+$/, ""));
      this.#secrets.add(inspect(bytes).slice(8, -1));
    }
  }

  /** Everything that can be got to be printed of a value: an error with its causes, an event, a table. */
  readonly hear = (...values: readonly unknown[]): void => {
    for (const value of values) this.#heard.push(...writingsOf(value));
  };

  /** Hears what is printed until {@link stopListening}. */
  listen(): void {
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "write").mockImplementation((chunk) => {
        this.#heard.push(String(chunk));
        return true;
      });
    }
    for (const method of ["log", "info", "warn", "error", "debug"] as const) {
      vi.spyOn(console, method).mockImplementation(this.hear);
    }
    process.on("warning", this.hear);
  }

  stopListening(): void {
    vi.restoreAllMocks();
    process.off("warning", this.hear);
  }

  /** Where secrets were heard, with a little of what was around them; a few places are enough. */
  secretsHeard(): string[] {
    const places = this.#heard.flatMap((text) => {
      const found = [...this.#secrets].filter((secret) => text.includes(secret));
      return found.map((secret) => excerpt(text, text.indexOf(secret), secret.length));
    });
    return [...new Set(places)].sort((one, other) => one.length - other.length).slice(0, MOST_PLACES);
  }

  get amount(): number {
    return this.#heard.reduce((sum, text) => sum + text.length, 0);
  }
}

const THOROUGH = {
  depth: 12,
  showHidden: true,
  getters: false,
  maxArrayLength: 10_000,
  maxStringLength: null,
  breakLength: Number.POSITIVE_INFINITY,
} as const;

function writingsOf(value: unknown, depth = 0): string[] {
  const writings = [inspect(value), inspect(value, THOROUGH), String(value), json(value)];
  if (!(value instanceof Error) || depth > 12) return writings;
  const properties = Reflect.ownKeys(value).map((key) => Reflect.get(value, key));
  const parts = properties.filter((part) => part !== undefined && part !== value);
  return [...writings, value.message, value.stack ?? "", ...parts.flatMap((part) => writingsOf(part, depth + 1))];
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? String(part) : part)) ?? "";
  } catch {
    return "";
  }
}

function excerpt(text: string, at: number, length: number): string {
  return text.slice(Math.max(0, at - 150), at + length + 50);
}
