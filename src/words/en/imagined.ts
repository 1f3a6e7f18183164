// Pods that are not there yet, as fixes name them (repair/imagined.ts).

/** `{other-pod shop}` → `any other pod of namespace shop`; undefined for the name of an end that is there. */
export function imaginedWords(name: string): string | undefined {
  const [, code, of = ''] = /^\{([a-z-]+)(?: (.*))?\}$/s.exec(name) ?? [];
  switch (code) {
    case 'other-pod':
      return `any other pod of namespace ${of}`;
    case 'pod-elsewhere':
      return 'any pod of any other namespace';
    case 'pods-elsewhere':
      return `pods labelled ${of} of any other namespace`;
    case 'pods-of': {
      const at = of.indexOf(' ');
      return `pods labelled ${of.slice(at + 1)} of namespace ${of.slice(0, at)} (none today)`;
    }
    default:
      return undefined;
  }
}

/** As documents have it: `{any other pod of namespace shop}`; a real end as it is. */
export function documentEnd(name: string): string {
  const words = imaginedWords(name);
  return words === undefined ? name : `{${words}}`;
}
