import socket

from localstack.constants import LOCALHOST_HOSTNAME
from localstack.runtime import hooks

@hooks.on_infra_start()
def resolve_own_names():
    """Function URLs are names that LocalStack's own DNS server resolves, and others by the internet."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        if isinstance(host, str) and host.endswith("." + LOCALHOST_HOSTNAME):
            host = "127.0.0.1"
        return resolve(host, *args, **kwargs)

    socket.getaddrinfo = getaddrinfo
