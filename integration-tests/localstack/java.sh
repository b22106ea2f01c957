#!/bin/sh
# Stands where LocalStack looks for its own Java, and runs DynamoDB Local from Maven's jars. LocalStack calls
#   java [options] -jar DynamoDBLocal.jar [arguments]
# with a jar and an agent that come from places which only its own installer knows. DynamoDB Local has to end with
# LocalStack, however that ends.
while [ "$1" != -jar ]; do shift; done
shift 2
exec setpriv --pdeathsig KILL "$HOST_JAVA" -Xmx256m -Djava.library.path="$DYNAMODB_LOCAL" -cp "$DYNAMODB_LOCAL/*" \
  com.amazonaws.services.dynamodbv2.local.main.ServerRunner "$@"
