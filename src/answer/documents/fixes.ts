// `fix`: the smallest edits that make a connection allowed, or denied.
import type { ApiVersion, AskedProtocol, Code, Count, Facts, Name, Ordinal, Outcome, Place, PolicyName, PortNumber } from './common.ts';
import type { AdviceDocument, AskedEnds, EndName } from './ends.ts';
import type { SomePorts } from './ports.ts';

/** What `netverdict fix -o json` prints: for each destination port the edits that make the connection as wanted. */
export interface FixesDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Fixes';
  readonly from: EndName;
  readonly to: EndName;
  /** The CNI profile that was chosen; `kubernetes`: only what the API promises */
  readonly profile: string;
  readonly wanted: 'allowed' | 'denied';
  readonly connections: readonly FixesOfConnection[];
}

/** One destination port. */
export interface FixesOfConnection {
  /** The two ends as a person writes them: `web/frontend` and `payments/svc/api:8080` */
  readonly asked?: AskedEnds;
  /** Absent where it is not known */
  readonly port?: PortNumber | Name;
  readonly protocol: AskedProtocol;
  /** As things are */
  readonly outcome: Outcome;
  /** The path is repaired, and the name still does not resolve */
  readonly dnsStaysDenied: boolean;
  /**
   * Policies on the path that cannot be read; until they can, no other fix is offered
   * @minItems 1
   */
  readonly unreadable?: readonly PolicyName[];
  /** The other end is known by this name only, so a rule for it opens every address outside */
  readonly addressUnknown?: Name;
  /** The family of those addresses; absent: both */
  readonly addressFamily?: 'IPv4' | 'IPv6';
  /**
   * What opens it besides an edit of a NetworkPolicy, where the other end is a node
   * @minItems 1
   */
  readonly advice?: readonly AdviceDocument[];
  /** Why there is no fix; absent where there is one */
  readonly none?: NoFix;
  /** Best first; each was evaluated over the whole cluster */
  readonly fixes: readonly FixDocument[];
}

/**
 * Why no fix is offered. `done`: it is as wanted. `unreadable`: policies on the path must be corrected first. `broken`: the path is broken, and no edit
 * repairs it. `denied-above`: a policy of an earlier tier denies it. `not-found`: no edit was found that makes it so for certain.
 */
export interface NoFix {
  readonly code: 'done' | 'unreadable' | 'broken' | 'denied-above' | 'not-found';
  /**
   * What has to be corrected, or stands in the way: policies, or sentences about the path
   * @minItems 1
   */
  readonly because?: readonly NoFixReason[];
  /** The path is broken, and policies deny the connection as well */
  readonly policiesDeny?: true;
}

export interface NoFixReason {
  readonly text: Name;
  readonly hint?: Name;
  readonly at?: Place;
}

/** A fix without the text of its edits, as it stands beside an answer of `why`. */
export interface BriefFix {
  /** For --write and --pick */
  readonly number: Ordinal;
  readonly text: Name;
  /** @minItems 1 */
  readonly edits: readonly BriefEdit[];
  /** Besides what was asked for */
  readonly opens: readonly FixRow[];
  /** Besides what was asked for */
  readonly closes: readonly FixRow[];
  /** Services that lose or gain pods */
  readonly services?: readonly ServiceChange[];
  /**
   * Policies that it edits and that apply to other pods, too
   * @minItems 1
   */
  readonly shared?: readonly SharedPolicy[];
  /** Which pods are made anew */
  readonly restarts?: string;
  /** About the lines that change */
  readonly lines?: Count;
}

/**
 * @exactlyOne patch patchLeftOut notWritable
 */
export interface FixDocument extends BriefFix {
  /** @minItems 1 */
  readonly edits: readonly EditDocument[];
  /** Services that lose or gain pods */
  readonly services: readonly ServiceChange[];
  /** About the lines that change */
  readonly lines: Count;
  readonly files: readonly Name[];
  /** A unified diff of these files */
  readonly patch?: string;
  /** Why there is no patch */
  readonly notWritable?: 'no-text' | 'not-found' | 'shared' | 'layout' | 'overlap' | 'differs';
  /** The files can be edited, but their lines are too long to repeat: -o patch prints the diff, and the objects of each edit say the same */
  readonly patchLeftOut?: 'long-lines';
  /** Lines for a shell */
  readonly kubectl: readonly string[];
  readonly proof?: FixProof;
}

/** One edit. */
export interface BriefEdit {
  /** What kind of edit; added, never renamed */
  readonly code: Code;
  readonly facts: Facts;
  readonly text: Name;
  readonly at?: Place;
}

export interface EditDocument extends BriefEdit {
  /** What changes, however the files are laid out. An object that several edits change stands with the first of them, with all its operations */
  readonly objects: readonly ObjectChange[];
}

/**
 * @exactlyOne operations create
 */
export interface ObjectChange {
  readonly kind: Name;
  readonly name: Name;
  readonly namespace?: Name;
  /**
   * A JSON Patch (RFC 6902) of the object; what is replaced or removed is tested first
   * @minItems 1
   */
  readonly operations?: readonly PatchOperation[];
  /** The whole object, which is not there yet */
  readonly create?: object;
}

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** What a fix opens or closes besides what was asked for. */
export interface FixRow {
  /** A workload, a range of addresses, or {pods that are not there yet} */
  readonly from: Name;
  readonly to: Name;
  /** Where only some pods of the workload are meant */
  readonly fromPods?: readonly string[];
  readonly toPods?: readonly string[];
  readonly ports: SomePorts;
  /** perhaps: the profile or the input leaves it open, before or after */
  readonly certainty: 'sure' | 'perhaps';
  /** One end is not there yet */
  readonly future: boolean;
  /** `web/cart → payments/api 8080/TCP` */
  readonly text?: Name;
}

export interface ServiceChange {
  readonly service: Name;
  readonly change: 'loses' | 'gains';
  /** @minItems 1 */
  readonly pods: readonly string[];
}

export interface SharedPolicy {
  readonly policy: PolicyName;
  /** That it applies to today */
  readonly pods: Count;
  readonly workloads: Count;
  /** It applies to every pod of its namespaces, also to those to come */
  readonly everyPod: boolean;
  /** It is a cluster-wide policy, which belongs to the owner of the cluster */
  readonly clusterWide?: true;
}

/** With --prove: what happened to how many packets on a real kernel */
export interface FixProof {
  readonly kernel: Name;
  readonly before: Observed;
  readonly after: Observed;
  /** Both are what was verified. False also where no packet could be made */
  readonly agrees: boolean;
}

/** How many packets had which fate: `{ "allowed": 2 }`. Only what happened is there. */
export type Observed = Readonly<Partial<Record<Observation, Ordinal>>>;

export type Observation = 'allowed' | 'denied-egress' | 'denied-ingress' | 'refused' | 'lost';
