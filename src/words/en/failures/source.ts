// Failures of files, standard input, git and renderers.
import type { SourceFailures } from '../../../failure/source.ts';
import { didYouMean, quoting, type Said } from '../said.ts';

const FETCH_HISTORY = 'this clone has no history; fetch it first: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)';
const TWO_FOLDERS = 'compare two folders instead: netverdict diff BASE HEAD';

const ARCHIVE_LIMITS: Readonly<Record<SourceFailures['archive-too-large']['why'], (limit: string) => string>> = {
  manifests: (limit) => `its manifests have more than ${limit} bytes`,
  unpacked: (limit) => `it unpacks to more than ${limit} bytes`,
  ratio: (limit) => `it unpacks to more than ${limit} times its size`,
  files: (limit) => `it has more than ${limit} files`,
};

const ARCHIVE_FAULTS: Readonly<Record<Exclude<SourceFailures['archive-broken']['why'], 'unreadable'>, string>> = {
  'no-directory': 'its directory is missing',
  'bad-directory': 'its directory does not fit its content',
  'cut-off': 'is cut off',
  'other-length': 'does not have the length that the directory says',
};

export const SOURCE_FAILURES: { readonly [Code in keyof SourceFailures]: (facts: SourceFailures[Code]) => Said } = {
  'input-not-found': (facts) =>
    'pattern' in facts
      ? { text: `no file matches \`${facts.pattern}\``, hint: 'quote the pattern, or name the folder: folders are read recursively' }
      : {
          text: `no such file or folder: \`${facts.path}\``,
          hint: didYouMean(facts.near) ?? (facts.notFolder === undefined ? undefined : `\`${facts.notFolder}\` is not a folder`),
        },
  'stdin-is-a-terminal': () => ({
    text: 'nothing is piped into standard input',
    hint: 'pipe manifests into it: kubectl get netpol,pods,svc -A -o yaml | netverdict …',
  }),
  'archive-unsafe': ({ path, name }) => ({
    text: `${path} contains a file whose name leads out of the archive: \`${name}\``,
    hint: 'no collecting tool writes such a name; do not unpack this archive',
  }),
  'archive-too-large': ({ path, why, limit }) => ({
    text: `${path} was not read: ${ARCHIVE_LIMITS[why](limit.toLocaleString('en'))}`,
    hint: 'if that is expected, unpack it and name the folder that holds the manifests',
  }),
  'archive-broken': ({ path, why, file, reason }) => ({
    text: `${path} is damaged or cut off: ${file === undefined ? '' : `\`${file}\` `}${why === 'unreadable' ? (reason ?? 'it cannot be unpacked') : ARCHIVE_FAULTS[why]}`,
    hint: 'the missing part could be the policy that decides, so copy it again',
  }),
  'archive-unsupported': (facts) => ({
    text: `${facts.path} was not read: ${
      facts.why === 'zip64'
        ? 'zip archives of more than 4 GB or 65,534 files are not supported'
        : `\`${facts.file}\` ${facts.why === 'encrypted' ? 'is encrypted' : 'uses a compression method that is not supported'}`
    }`,
    hint: 'unpack it and name the folder',
  }),
  'cannot-write': ({ path, reason }) => ({
    text: `cannot write ${path}: ${reason ?? 'its folder does not exist'}`,
    hint: 'an existing file was left unchanged',
  }),
  'file-changed': ({ file }) => ({
    text: `${file} has changed since it was read`,
    hint: 'it was not overwritten; run the command again',
  }),
  'file-exists': ({ file }) => ({ text: `${file} already exists`, hint: 'move it away, or print the patch instead of writing it' }),
  'not-utf-8': ({ file }) => ({ text: `${file} is encoded in UTF-16 and cannot be edited in place`, hint: 'save it as UTF-8 first' }),
  'render-failed': (facts) => {
    switch (facts.why) {
      case 'not-installed':
        return {
          text: `${facts.commands.map((command) => `\`${command}\``).join(' or ')} is not installed, or not in PATH`,
          hint: 'render the manifests on a machine that has it, and pipe the output to netverdict',
        };
      case 'not-started':
        return { text: `could not start \`${facts.command}\` in ${facts.folder}` };
      case 'not-text':
        return { text: `\`${facts.command}\` printed output that is not text (${facts.found})` };
      case 'ended':
        return {
          text: `\`${facts.command}\` failed in ${facts.folder} with ${typeof facts.end === 'number' ? `exit code ${facts.end}` : `signal ${facts.end}`}`,
          hint: facts.said === '' ? undefined : facts.said,
        };
    }
  },
  'render-empty': ({ command, folder }) => ({
    text: `\`${command}\` printed nothing in ${folder}`,
    hint: 'it has to print the manifests to standard output',
  }),
  'no-git': () => ({ text: 'git is not installed', hint: TWO_FOLDERS }),
  'no-repository': ({ folder }) => ({ text: `\`${folder}\` is not in a git repository`, hint: TWO_FOLDERS }),
  'no-commits': () => ({ text: 'this repository has no commits yet', hint: 'there is nothing to compare with; commit first' }),
  'no-such-revision': ({ revision, near, shallow }) => ({
    text: `git does not know the revision \`${revision}\``,
    hint: didYouMean(near) ?? (shallow ? FETCH_HISTORY : 'list branches with git branch -a; a branch of a remote has to be fetched first'),
  }),
  'no-merge-base': ({ one, other }) => ({
    text: `\`${one}\` and \`${other}\` have no common ancestor`,
    hint: `if ${FETCH_HISTORY}`,
  }),
  'stdin-has-no-history': () => ({ text: 'standard input has no git history', hint: 'name files or folders of the repository' }),
  'outside-repository': ({ path, root }) => ({
    text: `\`${path}\` is outside the repository ${root}`,
    hint: 'all paths have to be in one repository',
  }),
  'too-large': ({ bytes }) => ({ text: `the files at that revision exceed ${bytes / 1_000_000} MB in total` }),
  'git-failed': ({ said, foreignFolder }) => ({
    text: `git failed${quoting(said)}`,
    hint:
      foreignFolder === undefined
        ? undefined
        : `the repository belongs to another user; to trust it: git config --global --add safe.directory ${foreignFolder}`,
  }),
};
