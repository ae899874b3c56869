/** A client in a process of its own, which can be killed: does one piece of work and says what came of it. */
import { connectToOmero } from "../../src/connect/index.js";
import { downloadFile } from "../../src/gateway/files/attached-file.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { downloadTable } from "../../src/read/index.js";
import { uploadTable } from "../../src/write/index.js";
import { numberedColumns, throughProxy } from "./lab.js";

export interface ClientWork {
  readonly port: number;
  readonly kind: "downloadTable" | "downloadFile" | "uploadTable" | "uploadFile";
  readonly route?: "service" | "file";
  /** Of what is downloaded. */
  readonly fileId?: number;
  /** Of what is made or sent. */
  readonly path?: string;
  /** Where temporary files go. */
  readonly temporary: string;
  /** Of a table that is uploaded. */
  readonly rows?: number;
}

const { port, kind, route, fileId, temporary, path = "", rows = 0 } = JSON.parse(process.argv[2]!) as ClientWork;
process.env.TMPDIR = temporary;
await using connection = await connectToOmero(throughProxy(port));
const common = { connection, chunkSize: kind.endsWith("Table") ? 300 : 20_000 };
const download = { ...common, fileId: fileId ?? 0, targetPath: path };
switch (kind) {
  case "downloadTable":
    await downloadTable({ ...download, route });
    break;
  case "downloadFile":
    await downloadFile(download);
    break;
  case "uploadTable":
    await uploadTable(numberedColumns(rows), "uploaded", { ...common, route, parentId: 1 });
    break;
  case "uploadFile":
    await uploadFile(path, { ...common, parentId: 1, name: "uploaded" });
}
