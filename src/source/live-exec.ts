// A command run in a container of a live cluster, with the official client. Loaded when a probe wants it, by nobody else.
import type { Agent as HttpsAgent } from 'node:https';
import { Writable } from 'node:stream';
import { Exec, type V1Status } from '@kubernetes/client-node';
import { clientConfig } from './live-client.ts';
import type { UserEntry } from './live-config.ts';
import type { Credentials } from './live-credentials.ts';
import { asFailure } from './live-failure.ts';
import type { Api } from './live-request.ts';

export interface ExecWhere {
  readonly namespace: string;
  readonly name: string;
  readonly container: string | undefined;
}

/**
 * Runs a command in a container and waits for its end: `{ code: 20, text: 'connected (bash)' }`, both outputs in one text.
 * `code` is undefined when it could not be started, or did not end before `signal`; then the text says why, as far as the server did, and
 * `cutOff` that the connection ended first. Failure when the user may not, or the cluster cannot be reached.
 */
export async function execInPod(
  api: Api,
  where: ExecWhere,
  command: readonly string[],
  signal: AbortSignal,
): Promise<{ code: number | undefined; text: string; cutOff?: true }> {
  const user = asUser(await api.credentials());
  const exec = new Exec(clientConfig(api.chosen, user));
  let text = '';
  const collect = () =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString('utf8');
        done();
      },
    });
  try {
    return await new Promise((settle, reject) => {
      exec
        // The types want a container; the server takes the pod's first one when none is named.
        .exec(where.namespace, where.name, where.container as string, [...command], collect(), collect(), null, false, (status) =>
          settle({ code: exitCodeOf(status), text: exitCodeOf(status) === undefined ? `${text} ${status.message ?? ''}` : text }),
        )
        .then((socket) => {
          signal.addEventListener('abort', () => socket.close(), { once: true });
          socket.onclose = ({ reason }: { readonly reason: string }) =>
            settle({ code: undefined, text: `${text} ${reason}`.trim(), cutOff: true });
        }, reject);
    });
  } catch (error) {
    throw asFailure(api.asked, error, { verb: 'exec', what: `${where.namespace}/${where.name}` });
  }
}

/** What was made once (a token, a certificate) is used again: a program is not asked a second time. */
function asUser({ headers, agent }: Credentials): UserEntry {
  const authorization = String(headers.Authorization ?? '');
  const [, token] = /^Bearer (.*)$/.exec(authorization) ?? [];
  const [, basic] = /^Basic (.*)$/.exec(authorization) ?? [];
  const [username = '', password = ''] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s);
  const { cert, key } = (agent as HttpsAgent).options;
  const base64 = (data: unknown) => Buffer.from(data as string | Buffer).toString('base64');
  return {
    ...(token === undefined ? {} : { token }),
    ...(basic === undefined ? {} : { username, password }),
    ...(cert === undefined ? {} : { 'client-certificate-data': base64(cert) }),
    ...(key === undefined ? {} : { 'client-key-data': base64(key) }),
    ...(headers['Impersonate-User'] === undefined ? {} : { as: String(headers['Impersonate-User']) }),
  };
}

/** Kubernetes: remotecommand: `Success`, or a cause `ExitCode` of a failure `NonZeroExitCode`. */
function exitCodeOf({ status, details }: V1Status): number | undefined {
  if (status === 'Success') return 0;
  const code = details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  return code === undefined ? undefined : Number(code);
}
