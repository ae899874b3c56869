import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { type Terminal, terminalAsk } from "../../../src/connect/credentials/prompt.js";

/** A terminal whose screen and raw mode can be looked at. */
function fakeTerminal() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(raw: boolean) {
      modes.push(raw);
      return input;
    },
  });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const terminal = { input, output } as unknown as Terminal;
  return { terminal, input, modes, screen: () => String(output.read() ?? "") };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test("asks with a fallback", async () => {
  const { terminal, input, screen } = fakeTerminal();
  const ask = terminalAsk(terminal)!;
  const answer = ask({ text: "OMERO server", fallback: "localhost" });
  input.write("\r");
  expect(await answer).toBe("localhost");
  expect(screen()).toContain("OMERO server [localhost]: ");
});

test("asks again until there is an answer", async () => {
  const { terminal, input } = fakeTerminal();
  const answer = terminalAsk(terminal)!({ text: "User name" });
  input.write("\r");
  await tick();
  input.write("  ana \r");
  expect(await answer).toBe("ana");
});

test("keeps a hidden answer off the screen, edits it and restores the terminal", async () => {
  const { terminal, input, modes, screen } = fakeTerminal();
  const answer = terminalAsk(terminal)!({ text: "Password", hidden: true });
  input.write("hunter3");
  input.write("\u007f");
  input.write("2 \r");
  expect(await answer).toBe("hunter2 ");
  expect(screen()).toBe("Password: \n");
  expect(modes).toEqual([true, false]);
});

test.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s ends the prompt and restores the terminal", async (_name, key) => {
  const { terminal, input, modes, screen } = fakeTerminal();
  const answer = terminalAsk(terminal)!({ text: "Password", hidden: true });
  input.write("hunt");
  if (key === "\u0004") input.write("\u0015");
  input.write(key);
  await expect(answer).rejects.toMatchObject({ name: "AbortError", code: "ABORTED" });
  expect(modes).toEqual([true, false]);
  expect(screen()).not.toContain("hunt");
});

test("a signal ends the prompt", async () => {
  const { terminal, modes } = fakeTerminal();
  const controller = new AbortController();
  const answer = terminalAsk(terminal)!({ text: "Password", hidden: true }, controller.signal);
  await tick();
  controller.abort(new Error("enough"));
  await expect(answer).rejects.toMatchObject({
    code: "ABORTED",
    cause: expect.objectContaining({ message: "enough" }),
  });
  expect(modes.at(-1)).toBe(false);
  const late = terminalAsk(terminal)!({ text: "User name" }, controller.signal);
  await expect(late).rejects.toMatchObject({ code: "ABORTED" });
});

test("says first what there is to say", async () => {
  const { terminal, input, screen } = fakeTerminal();
  const answer = terminalAsk(terminal)!({ text: "Password", hidden: true, notice: "wrong password" });
  input.write("x\r");
  await answer;
  expect(screen()).toBe("wrong password\nPassword: \n");
});

test("nobody can be asked without a terminal on both sides", () => {
  const { terminal } = fakeTerminal();
  const blind = { ...terminal, output: Object.assign(new PassThrough(), { isTTY: false }) } as unknown as Terminal;
  expect(terminalAsk(blind)).toBeUndefined();
});
