/** An empty project, into which the package was installed as a user does it: packed, and its dependencies from the registry. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const INSTALL = ["install", "--no-audit", "--no-fund", "--prefer-offline"];

export class InstalledProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param packages to install beside it */
  static async make(...packages: string[]): Promise<InstalledProject> {
    const project = new InstalledProject(await mkdtemp(join(tmpdir(), "omero2frame-installed-")));
    await writeFile(join(project.folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await promisify(execFile)("npm", ["pack", "--ignore-scripts", "--pack-destination", project.folder], { cwd: ROOT });
    const packed = (await readdir(project.folder)).find((name) => name.endsWith(".tgz"))!;
    await project.install(`./${packed}`, ...packages);
    return project;
  }

  async install(...packages: string[]): Promise<void> {
    await this.run("npm", ...INSTALL, ...packages);
  }

  /** What a program that runs in it writes to its standard output. */
  async run(file: string, ...args: string[]): Promise<string> {
    return (await promisify(execFile)(file, args, { cwd: this.folder })).stdout;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
