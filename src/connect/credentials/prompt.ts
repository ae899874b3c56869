import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { AbortError, abortError, throwIfAborted, visibleText } from "../../errors.js";
import { onAbort } from "../../flow/abort.js";
import { beginCleaning } from "../../flow/process/cleaning.js";
import { beginAsking } from "../../flow/process/status-line.js";

/** Asks a person. `hidden` keeps the answer off the screen. An empty answer gives `fallback` if there is one. */
export type Ask = (question: Question, signal?: AbortSignal) => Promise<string>;

export interface Question {
  readonly text: string;
  /** Said before the question, for example why it is asked again. */
  readonly notice?: string | undefined;
  readonly fallback?: string | undefined;
  readonly hidden?: boolean;
}

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  /** Where questions are written; stderr, so that what a program prints stays clean. */
  readonly output: NodeJS.WriteStream;
}

/** An {@link Ask} on the terminal; undefined unless a person can both read the question and answer. */
export function terminalAsk(terminal: Terminal = { input: process.stdin, output: process.stderr }): Ask | undefined {
  if (!terminal.input.isTTY || !terminal.output.isTTY) return undefined;
  return (question, signal) => askOnTerminal(terminal, question, signal);
}

/**
 * Asks until there is an answer. Line editing is readline's; the terminal is in raw mode only while a question stands,
 * so that a hidden answer is never echoed, and is restored however the question ends.
 *
 * @throws AbortError `ABORTED` on Ctrl-C, Ctrl-D or `signal`.
 */
async function askOnTerminal(terminal: Terminal, question: Question, signal?: AbortSignal): Promise<string> {
  // The terminal must not be left in the state in which it echoes nothing.
  const endCleaning = beginCleaning();
  const endAsking = beginAsking();
  try {
    for (;;) {
      const answer = await askOnce(terminal, question, signal);
      if (answer !== "") return answer;
      if (question.fallback !== undefined) return question.fallback;
    }
  } finally {
    endAsking();
    endCleaning();
  }
}

function askOnce({ input, output }: Terminal, question: Question, signal?: AbortSignal): Promise<string> {
  const { text, fallback } = question;
  const prompt = visibleText(fallback === undefined ? `${text}: ` : `${text} [${fallback}]: `);
  return new Promise((resolve, reject) => {
    throwIfAborted(signal, "log-in");
    if (question.notice) output.write(`${visibleText(question.notice)}\n`);
    const lines = createInterface({
      input,
      output: question.hidden ? silent() : output,
      terminal: true,
      historySize: 0,
    });
    // From here on nothing that is typed is echoed.
    if (question.hidden) output.write(prompt);
    const onLeave = () => finish(() => reject(new AbortError("ABORTED", "log-in was interrupted at the prompt")));
    const finish = (settle: () => void) => {
      lines.off("close", onLeave);
      release();
      lines.close();
      if (question.hidden) output.write("\n");
      settle();
    };
    lines.on("SIGINT", onLeave);
    lines.on("close", onLeave);
    const release = onAbort(signal, () => finish(() => reject(abortError(signal!, "log-in"))));
    lines.question(question.hidden ? "" : prompt, (line) =>
      finish(() => resolve(question.hidden ? line : line.trim())),
    );
  });
}

function silent(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
