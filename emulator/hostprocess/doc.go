// Package hostprocess starts programs so that none outlives the gateway: each
// in a process group of its own, ended as a group, and killed by the system
// (on Linux) when the gateway dies without a word. What is left then, the next
// gateway of the same folder ends.
package hostprocess
