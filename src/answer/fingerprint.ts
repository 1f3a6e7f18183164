// Short names for findings that stay the same when lines are moved.

/** 64 bits of the key as text (FNV-1a over its UTF-16 units): not secret, only short and stable. */
export function fingerprint(key: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < key.length; i++) hash = ((hash ^ BigInt(key.charCodeAt(i))) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, '0');
}
