/** The piece of text `start ..< end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
