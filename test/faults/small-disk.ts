/** A file system of few bytes: a tmpfs, mounted for a test. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "disk-"));

  /** @throws Error where this user may not mount: these tests do not pass by testing nothing. */
  constructor(bytes: number) {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "omero2frame-test", this.path], { stdio: "pipe" });
    } catch (cause) {
      rmSync(this.path, { recursive: true });
      throw new Error("a small disk can only be mounted by root: run these tests as root, in a container for example", {
        cause,
      });
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Leaves no room at all. Returns a function that gives it back. */
  fill(): () => void {
    const filler = join(this.path, ".filler");
    writeFileSync(filler, Buffer.alloc(this.freeBytes));
    return () => rmSync(filler);
  }

  /** Whatever is written to it fails from now on. */
  makeReadOnly(): void {
    execFileSync("mount", ["-o", "remount,ro", this.path], { stdio: "pipe" });
  }

  [Symbol.dispose](): void {
    execFileSync("umount", ["--lazy", this.path], { stdio: "pipe" });
    rmSync(this.path, { recursive: true });
  }
}
