// The peer that `npm run bench` compares with. go.sum pins what is built; bench/netpol-analyzer.ts builds it in .cache/.
module netverdict.dev/bench/netpol-analyzer

go 1.24

require github.com/np-guard/netpol-analyzer v1.4.4
