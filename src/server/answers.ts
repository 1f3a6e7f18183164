// What can be asked over HTTP: the documents that `-o json` prints, made by the workspace.
import type { Workspace } from '../app/workspace.ts';

/** `answerOf(workspace, 'why', new URLSearchParams('from=web/frontend&to=shop/cart'))` → a document. Undefined for a question that does not exist. */
export function answerOf(workspace: Workspace, question: string, wish: URLSearchParams): Promise<unknown> | undefined {
  const ends = { from: wish.get('from') ?? '', to: wish.get('to') ?? '' };
  switch (question) {
    case 'why':
      return workspace.ask('why', ends);
    case 'fix':
      return workspace.ask('fix', { ...ends, deny: wish.has('deny') });
    case 'map':
      return workspace.ask('map', { exposure: wish.has('exposure') });
    case 'lint':
      return workspace.ask('lint', {});
    case 'describe':
      return workspace.ask('describe', { policy: wish.get('policy') ?? '' });
    default:
      return undefined;
  }
}
