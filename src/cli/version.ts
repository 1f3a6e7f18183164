// The version, put in by the build (scripts/build.mjs); when run from source it is what package.json says, read then.
declare const NETVERDICT_VERSION: string | undefined;

export const version: string = typeof NETVERDICT_VERSION === 'string' ? NETVERDICT_VERSION : '0.0.0-source';
