import { isTableChange } from "../../errors.js";

/** Times a table is read from its beginning, where others change it meanwhile, until that is an error. */
const MOST_READINGS = 3;

/** Whether a table is worth reading once more. @param reading how many readings there were, the failed one included */
export function mayReadAgain(error: unknown, reading: number): boolean {
  return isTableChange(error) && reading < MOST_READINGS;
}

/**
 * Reads, and where the table changed meanwhile, once more and once again.
 * @param mayRepeat whether nothing of what was read has been given away
 * @throws TableError `TABLE_CHANGED` where it keeps changing
 */
export async function unlessChanged<T>(
  read: (reading: number) => Promise<T>,
  mayRepeat: () => boolean = () => true,
): Promise<T> {
  for (let reading = 1; ; reading++) {
    try {
      return await read(reading);
    } catch (error) {
      if (!mayRepeat() || !mayReadAgain(error, reading)) throw error;
    }
  }
}
