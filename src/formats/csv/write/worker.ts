/** What a thread does: the program it runs. */
import { parentPort } from "node:worker_threads";
import { csvBlocks } from "./csv-writer.js";
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
