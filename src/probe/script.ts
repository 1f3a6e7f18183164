// The program that makes the connection inside the pod: plain sh, with whatever tool its image has. It writes nothing, changes nothing,
// ends by itself, and says the outcome by its exit code and one line of text: a container's status has room for both.
import type { Protocol } from '../net/port-set.ts';

export interface ProbeTarget {
  /** As an application would dial it: `cart.shop.svc.cluster.local`, `10.0.0.7`, `2001:db8::1`. */
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** Set: an HTTP request is made over the connection. A certificate is taken as it comes. */
  readonly http?: HttpRequest;
  /** Sent with UDP, which says nothing by itself. A DNS query where the port is 53 and nothing else is said. */
  readonly payload?: string;
}

/** `{ path: '/health', tls: false }`: a GET. */
export interface HttpRequest {
  readonly path: string;
  readonly tls: boolean;
}

/** `HTTP 200 (curl)` → 200; undefined for what is not the outcome of a request. */
export function httpStatus(text: string): number | undefined {
  const digits = /^HTTP (\d{3})\b/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What the connection did, in the words that people use. */
export type ProbeResult =
  | 'answered' // TCP: it was taken. UDP: something came back. HTTP: a status came, whichever
  | 'refused' // at once: nobody listens, or a firewall that says no
  | 'reset' // taken, and cut off by the other side
  | 'timed-out' // TCP: no answer at all
  | 'no-answer' // UDP: silence, which is neither success nor proof of a denial
  | 'name-not-resolved'
  | 'unreachable' // a router, or the machine itself, has no way there
  | 'no-tool' // the image has nothing that could make the connection
  | 'unclear';

/** Exit codes of the script. Above 10, so that they are not mistaken for those of shells and tools. */
const EXIT: Readonly<Record<ProbeResult, number>> = {
  answered: 20,
  refused: 21,
  reset: 22,
  'timed-out': 23,
  'no-answer': 24,
  'name-not-resolved': 25,
  unreachable: 26,
  'no-tool': 27,
  unclear: 28,
};

/** undefined: not one of ours, so the script did not run to its end. */
function resultOf(exitCode: number): ProbeResult | undefined {
  return (Object.keys(EXIT) as ProbeResult[]).find((result) => EXIT[result] === exitCode);
}

/** The exit code of a script that tried several targets: their outcomes are in its text, one line each. */
const EXIT_SEVERAL = 30;

/** So many results fit into a container's termination message, of which Kubernetes keeps 2,048 bytes of a log's end. */
export const MOST_TARGETS = 25;
const LONGEST_TEXT = 60;

/**
 * The command line of the container: `['sh', '-c', script, 'netverdict', '5', 'cart.shop', '7070', 'TCP', '\\0156…', …]`. One target:
 * the exit code tells the outcome. Several, at most MOST_TARGETS: tried side by side, and `resultsOf` reads what was printed.
 */
export function probeCommand(targets: readonly ProbeTarget[], timeoutSeconds: number): readonly string[] {
  const asked = targets.flatMap((target) => [target.host, String(target.port), spoken(target), octal(payloadOf(target))]);
  return ['sh', '-c', SCRIPT, 'netverdict', String(timeoutSeconds), ...asked];
}

/** What the script is told to speak: `TCP`, `HTTP`. */
function spoken({ protocol, http }: ProbeTarget): string {
  return http === undefined ? protocol : http.tls ? 'HTTPS' : 'HTTP';
}

/** What one target's connection did, and what its tool said: `{ result: 'answered', text: 'connected (bash)' }`. */
export interface TargetResult {
  readonly result: ProbeResult;
  readonly text: string;
}

/**
 * `resultsOf(20, 'connected (bash)', 1)` → `[{ result: 'answered', text: 'connected (bash)' }]`; of several targets `0 20 connected (bash)`
 * is the first one's line. undefined stands for a target of which nothing was said: the script did not run to its end.
 */
export function resultsOf(exitCode: number, output: string, count: number): readonly (TargetResult | undefined)[] {
  if (count === 1) {
    const result = resultOf(exitCode);
    return [result === undefined ? undefined : { result, text: output.replace(/\s+/g, ' ').trim().slice(0, 300) }];
  }
  const found: (TargetResult | undefined)[] = Array.from({ length: count });
  if (exitCode !== EXIT_SEVERAL) return found;
  for (const line of output.split('\n')) {
    const [, index = '', code = '', text = ''] = /^(\d+) (\d+) ?(.*)$/.exec(line) ?? [];
    const result = resultOf(Number(code));
    if (index !== '' && Number(index) < count && result !== undefined) found[Number(index)] = { result, text: text.trim() };
  }
  return found;
}

/** For `printf %b`: every byte as `\0ooo`, so that no shell has an opinion on it. */
function octal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}

export function payloadOf({ port, payload, http }: Pick<ProbeTarget, 'port' | 'payload' | 'http'>): Uint8Array {
  // Encoded, so that no blank or line break ends the request early.
  if (http !== undefined) return new TextEncoder().encode(encodeURI(http.path.startsWith('/') ? http.path : `/${http.path}`));
  if (payload !== undefined) return new TextEncoder().encode(payload);
  return port === 53 || port === 5353 ? dnsQuery('kubernetes.default.svc.cluster.local') : new TextEncoder().encode('netverdict\n');
}

/** RFC 1035, 4.1: a header that asks for recursion, and one question for an A record. */
function dnsQuery(name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...new TextEncoder().encode(label)]);
  return Uint8Array.from([0x4e, 0x56, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
}

/**
 * $1 seconds, and then for every target its host, port, protocol and payload for printf %b.
 * bash comes first for TCP: it alone stays on the line for a moment and sees a reset. agnhost is Kubernetes' own test image.
 */
// QUOTED: sh
const SCRIPT = `
seconds=$1; shift
has() { command -v "$1" >/dev/null 2>&1; }
end() { printf '%s\\n' "$2"; exit "$1"; }
# From the words of a tool to an outcome; they all end up saying what the system said.
newline='
'
say() {
  text=\${1%%"$newline"*}
  case $(printf '%s' "$1" | tr '[:upper:]' '[:lower:]') in
    *refused*) end ${EXIT.refused} "$text" ;;
    *"reset by peer"*) end ${EXIT.reset} "$text" ;;
    *"not known"*|*"bad address"*|*resol*|*"no such host"*|*"unknown host"*|*"lookup failed"*|*dns:*|*nxdomain*|*getaddrinfo*) end ${EXIT['name-not-resolved']} "$text" ;;
    *"no route"*|*unreachable*|*prohibited*|*"not permitted"*|*"cannot assign"*) end ${EXIT.unreachable} "$text" ;;
    *"timed out"*|*timeout*|*timedout*) end "$silence" "$text" ;;
    *) end ${EXIT.unclear} "$text" ;;
  esac
}
agnhost=$(command -v agnhost 2>/dev/null || { [ -x /agnhost ] && echo /agnhost; })
export LC_ALL=C

tcp() {
  silence=${EXIT['timed-out']}
  if has bash && has timeout; then
    text=$(timeout "$seconds" bash -c 'exec 3<>"/dev/tcp/$host/$port" || exit 9; read -r -t 0.3 -n 1 -u 3; exit 0' 2>&1); code=$?
    case $code in
      0) case $text in *"reset by peer"*) say "$text" ;; esac; end ${EXIT.answered} 'connected (bash)' ;;
      124|137|143) end "$silence" "no answer within $seconds s (bash)" ;;
    esac
    # Some builds of bash have no /dev/tcp; then it says that there is no such file, and the next tool has its turn.
    case $text in *"No such file"*) ;; *) say "$text" ;; esac
  fi
  if [ -n "$agnhost" ]; then
    text=$("$agnhost" connect "$bracketed:$port" --timeout="\${seconds}s" --protocol=tcp 2>&1) && end ${EXIT.answered} 'connected (agnhost)'
    say "$text"
  fi
  if has nc; then
    text=$(nc -v -z -w "$seconds" "$host" "$port" 2>&1 </dev/null); code=$?
    case $text in
      *nvalid\\ option*|*nrecognized\\ option*|*sage:*|*nknown\\ option*) text=$(nc -w "$seconds" "$host" "$port" 2>&1 </dev/null); code=$? ;;
    esac
    [ "$code" -eq 0 ] && end ${EXIT.answered} 'connected (nc)'
    [ -n "$text" ] || text="timed out (nc)"
    say "$text"
  fi
  python
  if has curl; then
    # Only with -v does it say why it failed to connect.
    text=$(curl -sv -o /dev/null -w 'connected=%{time_connect}' --connect-timeout "$seconds" --max-time $((seconds + 1)) "telnet://$bracketed:$port" 2>&1 </dev/null); code=$?
    case $text in *connected=0.000000*|*connected=0.000) ;; *connected=*) end ${EXIT.answered} 'connected (curl)' ;; esac
    case $code in
      6) end ${EXIT['name-not-resolved']} 'the name does not resolve (curl)' ;;
      28) end "$silence" "no answer within $seconds s (curl)" ;;
    esac
    # Of its many lines the one that says so.
    case $text in *"efused"*) say 'connection refused (curl)' ;; *) say "$text" ;; esac
  fi
  end ${EXIT['no-tool']} 'neither bash, agnhost, nc, python3 nor curl is here'
}

udp() {
  silence=${EXIT['no-answer']}
  python
  if has bash && has timeout; then
    text=$(timeout "$seconds" bash -c 'exec 3<>"/dev/udp/$host/$port" || exit 9; printf %b "$payload" >&3 || exit 9; IFS= read -r -N 1 -u 3; [ $? -le 1 ] || exit 8; exit 0' 2>&1); code=$?
    case $text in
      *"No such file"*) ;;
      *) case $code in
           0) [ -z "$text" ] && end ${EXIT.answered} 'an answer came back (bash)'; say "$text" ;;
           8|124|137|143) [ -z "$text" ] && end "$silence" "no answer within $seconds s (bash)"; say "$text" ;;
           *) say "$text" ;;
         esac ;;
    esac
  fi
  if [ -n "$agnhost" ] && [ "$port" != 53 ]; then
    text=$("$agnhost" connect "$bracketed:$port" --timeout="\${seconds}s" --protocol=udp 2>&1) && end ${EXIT.answered} 'an answer came back (agnhost)'
    say "$text"
  fi
  if has nc; then
    # Small builds know no -u and print how they are used, which must not pass for an answer.
    case $(nc -u -w 1 127.0.0.1 9 2>&1 </dev/null) in
      *nvalid\\ option*|*nrecognized\\ option*|*sage:*|*nknown\\ option*) end ${EXIT['no-tool']} 'this nc cannot send UDP' ;;
    esac
    text=$(printf %b "$payload" | nc -u -w "$seconds" "$host" "$port" 2>/dev/null | head -c 1 | wc -c)
    [ "$text" -gt 0 ] && end ${EXIT.answered} 'an answer came back (nc)'
    end "$silence" "no answer within $seconds s (nc)"
  fi
  end ${EXIT['no-tool']} 'neither python3, bash, agnhost nor nc is here'
}

sctp() {
  silence=${EXIT['timed-out']}
  [ -n "$agnhost" ] || end ${EXIT['no-tool']} 'SCTP needs agnhost, which is not here'
  text=$("$agnhost" connect "$bracketed:$port" --timeout="\${seconds}s" --protocol=sctp 2>&1) && end ${EXIT.answered} 'connected (agnhost)'
  say "$text"
}

# A status of any sort is an answer; which one it is stands in the text. The first one counts, before any redirection.
status() {
  case $1 in
    *HTTP/[12]*\\ [1-5][0-9][0-9]*) rest=\${1#*HTTP/}; rest=\${rest#* }; end ${EXIT.answered} "HTTP \${rest%%[!0-9]*} ($2)" ;;
  esac
}

http() {
  silence=${EXIT['timed-out']}
  case $protocol in HTTPS) scheme=https ;; *) scheme=http ;; esac
  page=$(printf %b "$payload")
  export scheme page seconds
  if has curl; then
    text=$(curl -ksS -o /dev/null -w 'HTTP/1 %{http_code} ' --globoff --max-time "$seconds" "$scheme://$bracketed:$port$page" 2>&1 </dev/null); code=$?
    [ "$code" -eq 0 ] && status "$text" curl
    case $code in
      6) end ${EXIT['name-not-resolved']} 'the name does not resolve (curl)' ;;
      28) end "$silence" "no answer within $seconds s (curl)" ;;
      # Only with -v does it say why it failed to connect.
      7) text=$(curl -ksv -o /dev/null --globoff --max-time "$seconds" "$scheme://$bracketed:$port$page" 2>&1 </dev/null) ;;
    esac
    case $text in *"efused"*) say 'connection refused (curl)' ;; *) say "$text" ;; esac
  fi
  if has python3; then
    text=$(python3 -c '
import http.client, os, ssl
host, port, seconds = os.environ["host"], int(os.environ["port"]), float(os.environ["seconds"])
if os.environ["scheme"] == "https":
    line = http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl._create_unverified_context())
else:
    line = http.client.HTTPConnection(host, port, timeout=seconds)
line.request("GET", os.environ["page"], headers={"User-Agent": "netverdict"})
print("HTTP/1 %d " % line.getresponse().status)
' 2>&1) && status "$text" python3
    say "\${text##*"$newline"}"
  fi
  if has wget; then
    # By itself the larger one tries again and again after a timeout.
    within=; has timeout && within="timeout $seconds"
    text=$($within wget -S -O /dev/null -T "$seconds" "$scheme://$bracketed:$port$page" 2>&1 </dev/null); code=$?
    status "$text" wget
    case $code in 124|137|143) end "$silence" "no answer within $seconds s (wget)" ;; esac
    case $text in *"efused"*) say 'connection refused (wget)' ;; *) say "$text" ;; esac
  fi
  if [ "$scheme" = http ] && has bash && has timeout; then
    text=$(timeout "$seconds" bash -c 'exec 3<>"/dev/tcp/$host/$port" || exit 9; printf "GET %s HTTP/1.0\\r\\nHost: %s\\r\\nUser-Agent: netverdict\\r\\n\\r\\n" "$page" "$host" >&3; IFS= read -r line <&3; printf "%s" "$line"' 2>&1); code=$?
    status "$text" bash
    case $code in 124|137|143) end "$silence" "no answer within $seconds s (bash)" ;; esac
    case $text in *"No such file"*) ;; *) say "$text" ;; esac
  fi
  end ${EXIT['no-tool']} 'a request needs curl, python3 or wget, and none of them is here'
}

python() {
  has python3 || return 0
  text=$(protocol=$protocol seconds=$seconds python3 -c '
import os, socket, sys
host, port, seconds = os.environ["host"], int(os.environ["port"]), float(os.environ["seconds"])
udp = os.environ["protocol"] == "UDP"
try:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
except OSError as error:
    sys.exit("not known: %s" % error)
family, kind, number, _, address = found[0]
line = socket.socket(family, kind, number)
line.settimeout(seconds)
try:
    line.connect(address)
    if udp:
        octal = os.environ["payload"].split("\\\\0")[1:]
        line.send(bytes(int(each, 8) for each in octal))
        line.recv(1)
    else:
        line.settimeout(0.3)
        try:
            line.recv(1)
        except socket.timeout:
            pass
except socket.timeout:
    sys.exit("timed out")
except OSError as error:
    sys.exit(str(error))
' 2>&1) && {
    [ "$protocol" = UDP ] && end ${EXIT.answered} 'an answer came back (python3)'
    end ${EXIT.answered} 'connected (python3)'
  }
  say "$text"
}

one() {
  host=$1 port=$2 protocol=$3 payload=$4
  case $host in *:*) bracketed="[$host]" ;; *) bracketed=$host ;; esac
  export host port payload
  case $protocol in
    UDP) udp ;;
    SCTP) sctp ;;
    HTTP|HTTPS) http ;;
    *) tcp ;;
  esac
}
[ $# -gt 4 ] || one "$@"

number=0
while [ $# -ge 4 ]; do
  ( text=$(one "$1" "$2" "$3" "$4"); printf '%s %s %.${LONGEST_TEXT}s\\n' "$number" "$?" "$text" ) &
  number=$((number + 1)); shift 4
done
wait
exit ${EXIT_SEVERAL}
`;
