// Pods that are not there yet, as fixes name them (repair/imagined.ts).

/** Labels that a controller sets on each of its pods: no pod elsewhere has them. */
const OF_ONE_POD = /^(statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|pod-template-hash|controller-revision-hash)=/;

function labelWords(labels: string): string {
  const all = labels.split(',');
  const kept = all.filter((label) => !OF_ONE_POD.test(label));
  return (kept.length === 0 ? all : kept).join(',');
}

/** `{other-pod shop}` → `any other pod of namespace shop`; undefined for the name of an end that is there. */
export function imaginedWords(name: string): string | undefined {
  const [, code, of = ''] = /^\{([a-z-]+)(?: (.*))?\}$/s.exec(name) ?? [];
  switch (code) {
    case 'other-pod':
      return `any other pod of namespace ${of}`;
    case 'pod-elsewhere':
      return 'any pod of any other namespace';
    case 'pods-elsewhere':
      return `pods labelled ${labelWords(of)} of any other namespace`;
    case 'pods-of': {
      const at = of.indexOf(' ');
      return `pods labelled ${labelWords(of.slice(at + 1))} of namespace ${of.slice(0, at)} (none today)`;
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
