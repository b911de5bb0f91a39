// The Mercure hub with its own HTTP server: scripts/setup --peers builds github.com/dunglas/mercure/cmd/mercure here.
module pushlab/mercure

go 1.25.0

require github.com/dunglas/mercure v0.20.2
