declare module "fs-native-extensions" {
  /**
   * Locks bytes of an open file for this opening of it alone, if nobody else has them locked.
   * @returns false if somebody has.
   */
  export function tryLock(fd: number, offset?: number, length?: number, options?: { shared?: boolean }): boolean;
}
