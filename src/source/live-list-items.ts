// Takes a Kubernetes list apart while it arrives: every item is parsed on its own and the text of it let go, so that a list of
// fifty thousand pods costs the memory of what is kept of them. Knows JSON's brackets and strings, nothing of Kubernetes but `items`.

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const COMMA = 44;

/** What a list says besides its items: `{ kind: 'PodList', metadata: { resourceVersion: '77', continue: 'eyJ2…' } }`. */
export interface ListEnvelope {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
}

export interface ListReader {
  /** The items that this piece completes go to the callback, in order. */
  push(chunk: Buffer): void;
  /** The rest of the list. Throws SyntaxError when the text was no list or is cut off. */
  end(): ListEnvelope;
}

/** INVARIANT: only the bytes of the item that is being read, and of the envelope, are held. */
export function listReader(onItem: (item: unknown) => void): ListReader {
  const envelope: Buffer[] = [];
  let pieces: Buffer[] = [];
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** At depth 1: where the key that is being read begins, and the last whole string. */
  let key = '';
  let keyBytes: number[] | undefined;
  /** The items are at depth 3 once their list has been entered at depth 2. */
  let inItems = false;
  let inItem = false;

  return {
    push(chunk) {
      let from = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] as number;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) {
            inString = false;
            if (keyBytes !== undefined) {
              key = String.fromCharCode(...keyBytes);
              keyBytes = undefined;
            }
          } else if (keyBytes !== undefined && keyBytes.length < 64) keyBytes.push(byte);
          continue;
        }
        switch (byte) {
          case QUOTE:
            inString = true;
            if (depth === 1) keyBytes = [];
            break;
          case OPEN:
            if (inItems && depth === 2) {
              envelope.push(chunk.subarray(from, at));
              from = at;
              inItem = true;
            }
            depth++;
            break;
          case OPEN_LIST:
            if (depth === 1 && key === 'items') inItems = true;
            depth++;
            break;
          case CLOSE:
            depth--;
            if (inItem && depth === 2) {
              const last = chunk.subarray(from, at + 1);
              from = at + 1;
              inItem = false;
              onItem(JSON.parse((pieces.length === 0 ? last : Buffer.concat([...pieces, last])).toString('utf8')));
              pieces = [];
            }
            break;
          case CLOSE_LIST:
            depth--;
            if (inItems && depth === 1) inItems = false;
            break;
          case COMMA:
            if (inItems && depth === 2) {
              // Between two items: belongs to neither, and an envelope with commas alone would be no JSON.
              envelope.push(chunk.subarray(from, at));
              from = at + 1;
            }
        }
      }
      if (from < chunk.length) (inItem ? pieces : envelope).push(chunk.subarray(from));
    },
    end() {
      return JSON.parse(Buffer.concat(envelope).toString('utf8')) as ListEnvelope;
    },
  };
}
