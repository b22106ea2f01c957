"""Runs Lambda functions of LocalStack as processes of this machine, without Docker.

plugin.py       what LocalStack finds
executor.py     LocalStack's interface: one execution environment
process.py      the process in it: started, given invocations, timed, ended
runtime_api.py  the Lambda Runtime API that the process talks to
names.py        lets LocalStack reach function URLs without its name server

Not done: limits of memory and of files below /tmp, extensions, layers, response streaming, and runtimes that Lambda
brings along (Python, Node.js and so on): a function needs a bootstrap for this machine's processor. Linux only.
"""
