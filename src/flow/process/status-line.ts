/**
 * The last line of a terminal, which a picture of progress and a question to the user both want: while a question stands there
 * is no such picture, and it is taken away before.
 */
let questions = 0;
let clear: (() => void) | undefined;

/** Whether the user is being asked something, so that nothing else may be written there. */
export function isAsking(): boolean {
  return questions > 0;
}

/** Says what takes away the picture that stands on the line; nothing where there is none any more. */
export function holdStatusLine(clearLine: (() => void) | undefined): void {
  clear = clearLine;
}

/** Takes the line for a question, until the function returned is called. */
export function beginAsking(): () => void {
  questions++;
  clear?.();
  clear = undefined;
  return () => {
    questions--;
  };
}
