/** The kinds of annotations by name, without the classes themselves: objects that are annotated and annotations need each other. */

/** The class of each kind of annotation; `Annotation` is any of them. */
// biome-ignore lint/suspicious/noEmptyInterface: each kind adds itself where it is declared
export interface AnnotationTypes {}

/** Name of a kind of annotation. */
export type AnnotationType = keyof AnnotationTypes;
