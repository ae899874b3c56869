/** What a frame is made of. */

/** A value in a frame: array columns give arrays, masks JSON text. NaN stands for a missing value of any type. */
export type FrameCell = number | bigint | string | boolean | number[] | bigint[];
