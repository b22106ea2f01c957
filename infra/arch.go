package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecrassets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
)

// Arch is the processor that functions, tasks and images run on, in Go's words
// (GOARCH). AWS has three other words for each.
type Arch string

// The processors that Lambda and Fargate offer.
const (
	ARM64 Arch = "arm64"
	AMD64 Arch = "amd64"
)

func (a Arch) lambda() awslambda.Architecture {
	if a == AMD64 {
		return awslambda.Architecture_X86_64()
	}
	return awslambda.Architecture_ARM_64()
}

func (a Arch) ecs() awsecs.CpuArchitecture {
	if a == AMD64 {
		return awsecs.CpuArchitecture_X86_64()
	}
	return awsecs.CpuArchitecture_ARM64()
}

func (a Arch) platform() awsecrassets.Platform {
	if a == AMD64 {
		return awsecrassets.Platform_LINUX_AMD64()
	}
	return awsecrassets.Platform_LINUX_ARM64()
}
