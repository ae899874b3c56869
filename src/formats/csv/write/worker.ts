/** What a thread does: the program it runs. */

import { csvBlocks } from "./csv-writer.js";
import { parentPort } from "./threads/node.js";
import { buffersOf, type TaskAnswer, type TaskRequest } from "./threads/tasks.js";

parentPort!.on("message", ({ id, batch }: TaskRequest) => {
  let answer: TaskAnswer;
  try {
    answer = { id, lines: [...csvBlocks(batch)] };
  } catch (error) {
    answer = { id, failure: error instanceof Error ? error.message : String(error) };
  }
  parentPort!.postMessage(answer, [...buffersOf(answer.lines)]);
});
