// How much of a text is read before reading gives up, so that no input makes the program hang or run out of memory.

/** What may still be spent on one input file, so that many documents together cost no more than one. Counted down while reading. */
export interface Budget {
  /** Nodes that aliases and merge keys add to what is written. */
  aliased: number;
  /** Values of all documents together. */
  values: number;
  /** Characters that are read once more because a line stood too far left (yamlEvents). */
  moved: number;
}

/** Collections inside collections; more would overflow the stack of whoever walks the value. A manifest has about twenty. */
export const MAX_DEPTH = 500;

/** What aliases may add to one file. go-yaml stops at 400,000 to 4,000,000, by their share of the document. */
export const MAX_ALIASED = 1_000_000;

/** Values in one file: a cluster's 300 MB of JSON has about 20 million. Each takes some 40 bytes of memory at least. */
export const MAX_VALUES = 25_000_000;

/** Some four seconds of reading. */
export const MAX_MOVED = 50_000_000;

/** Of one document. The first ones already say what is wrong with it. */
export const MAX_ODDITIES = 20;

/** Documents of one text. A cluster of a hundred thousand pods has about two hundred thousand objects. */
export const MAX_DOCUMENTS = 2_000_000;

/** Problems of one text that are told one by one; of the rest there is a count. */
export const MAX_PROBLEMS = 1000;
