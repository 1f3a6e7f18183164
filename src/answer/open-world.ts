// A world that stays open: texts that change one by one, and every question asked of what they are now. For editors, pages, watchers and agents.
import type { InputText } from '../manifest/load.ts';
import type { ProfileChoice } from '../profile/choose.ts';
import { apply, type Change, type World, worldOf } from '../world/world.ts';
import {
  type Asked,
  askBaseline,
  askDescribe,
  askExposure,
  askedOf,
  askFix,
  askIntents,
  askLint,
  askMap,
  askVerdicts,
  askWhy,
  choiceOf,
  isNoAnswer,
} from './asked.ts';
import type { NoAnswerDocument } from './documents/no-answer.ts';

/** The questions that an open world answers, by the names of the functions that ask them of texts. */
const QUESTIONS = {
  why: askWhy,
  describe: askDescribe,
  map: askMap,
  exposure: askExposure,
  verdicts: askVerdicts,
  lint: askLint,
  fix: askFix,
  intents: askIntents,
  baseline: askBaseline,
} as const;

type Questions = typeof QUESTIONS;
export type QuestionName = keyof Questions;
/** What is asked besides: `[{ from: 'web/frontend', to: 'shop/cart:7070' }]` of `why`. */
type Rest<Name extends QuestionName> = Parameters<Questions[Name]> extends [Asked, ...infer Others] ? Others : never;

/** `{ file: 'cart.yaml', text }`: the file says this now, or is new. Without a text: it is gone. */
export interface TextChange {
  readonly file: string;
  readonly text?: string;
}

/** A value: a change gives another one, and both answer. */
export interface OpenWorld {
  /** How many changes it is away from the texts that it was opened with. */
  readonly revision: number;
  readonly apply: (changes: readonly TextChange[]) => OpenWorld;
  /** `ask('why', { from: 'web/frontend', to: 'shop/cart:7070' })` → the document that `why` of the library gives. */
  readonly ask: <Name extends QuestionName>(name: Name, ...rest: Rest<Name>) => ReturnType<Questions[Name]>;
}

/**
 * `openWorld([{ file: 'shop.yaml', text }], { profile: 'cilium' })`. After `apply` only what changed is read again. Every answer is that of the
 * library's function of the same name on the texts as they are then. `NoAnswer` for a profile that does not exist.
 */
export function openWorld(
  texts: readonly InputText[],
  { profile, namespace = 'default' }: { readonly profile?: string; readonly namespace?: string } = {},
): OpenWorld | NoAnswerDocument {
  const choice = choiceOf(profile);
  return isNoAnswer(choice) ? choice : opened(worldOf(texts, { namespace }), choice, namespace);
}

function opened(world: World, choice: ProfileChoice, namespace: string): OpenWorld {
  const asked = askedOf(world.cluster, choice, namespace);
  return {
    revision: world.revision,
    apply: (changes) => opened(apply(world, changes.map(changeOf)), choice, namespace),
    ask(name, ...rest) {
      const question = QUESTIONS[name] as (asked: Asked, ...rest: readonly unknown[]) => unknown;
      return question(asked, ...rest) as ReturnType<Questions[typeof name]>;
    },
  };
}

function changeOf({ file, text }: TextChange): Change {
  return text === undefined ? { removedFile: file } : { file: { file, text } };
}
