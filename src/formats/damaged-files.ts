import { DataError } from "../errors.js";

interface NamedFile {
  readonly path: string;
}

export interface DamagedFiles {
  /** Runs a step of a library, whose errors say no more than that the file is damaged. @throws DataError `MALFORMED_FILE` */
  reading<T>(file: NamedFile, read: () => Promise<T>): Promise<T>;
  malformed(file: NamedFile, why: string, cause?: unknown): DataError;
}

/** Errors of files of a format that a library reads. */
export function damagedFiles(format: string): DamagedFiles {
  const malformed = ({ path }: NamedFile, why: string, cause?: unknown) =>
    new DataError("MALFORMED_FILE", `${path} is no whole ${format} file: ${why}`, { path, cause });
  return {
    malformed,
    async reading(file, read) {
      try {
        return await read();
      } catch (cause) {
        throw malformed(file, (cause as Error).message, cause);
      }
    },
  };
}
