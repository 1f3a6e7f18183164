// Until lint findings carry their problem: rules say it themselves.
export { problemSentence } from '../words/en/problem.ts';
