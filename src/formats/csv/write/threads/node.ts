/** What the threads that write CSV use of Node.js. */
export { parentPort, Worker } from "node:worker_threads";
