package cfn

// networkTypes: VPCs and what is in them.
var networkTypes = map[string]standIns{
	"AWS::EC2::EIP": {
		ref:        "203.0.113.10",
		attributes: map[string]string{"AllocationId": "eipalloc-{hex:17}", "PublicIp": "{ref}"},
	},
	"AWS::EC2::FlowLog": {ref: "fl-{hex:17}", attributes: map[string]string{"Id": "{ref}"}},
	"AWS::EC2::Instance": {
		ref: "i-{hex:17}", arn: arn("ec2", "instance/{ref}"),
		attributes: map[string]string{
			"AvailabilityZone": "{region}a",
			"InstanceId":       "{ref}",
			"PrivateDnsName":   "ip-10-0-0-11.{region}.compute.internal",
			"PrivateIp":        "10.0.0.11",
			"PublicDnsName":    "ec2-203-0-113-11.{region}.compute.{suffix}",
			"PublicIp":         "203.0.113.11",
		},
	},
	"AWS::EC2::InternetGateway": {
		ref:        "igw-{hex:17}",
		attributes: map[string]string{"InternetGatewayId": "{ref}"},
	},
	"AWS::EC2::NatGateway": {
		ref:        "nat-{hex:17}",
		attributes: map[string]string{"NatGatewayId": "{ref}"},
	},
	"AWS::EC2::NetworkAcl": {ref: "acl-{hex:17}", attributes: map[string]string{"Id": "{ref}"}},
	"AWS::EC2::RouteTable": {
		ref:        "rtb-{hex:17}",
		attributes: map[string]string{"RouteTableId": "{ref}"},
	},
	"AWS::EC2::SecurityGroup": {
		ref: "sg-{hex:17}", arn: arn("ec2", "security-group/{ref}"),
		attributes: map[string]string{"GroupId": "{ref}", "Id": "{ref}", "VpcId": "{.VpcId}"},
	},
	"AWS::EC2::SecurityGroupEgress":  {ref: "sgr-{hex:17}", attributes: map[string]string{"Id": "{ref}"}},
	"AWS::EC2::SecurityGroupIngress": {ref: "sgr-{hex:17}", attributes: map[string]string{"Id": "{ref}"}},
	"AWS::EC2::Subnet": {
		ref: "subnet-{hex:17}", arn: arn("ec2", "subnet/{ref}"),
		attributes: map[string]string{
			"AvailabilityZone":        "{.AvailabilityZone}",
			"CidrBlock":               "{.CidrBlock}",
			"NetworkAclAssociationId": "aclassoc-{hex:17}",
			"SubnetId":                "{ref}",
			"VpcId":                   "{.VpcId}",
		},
	},
	"AWS::EC2::SubnetRouteTableAssociation": {ref: "rtbassoc-{hex:17}", attributes: map[string]string{"Id": "{ref}"}},
	"AWS::EC2::VPC": {
		ref: "vpc-{hex:17}", arn: arn("ec2", "vpc/{ref}"),
		attributes: map[string]string{
			"CidrBlock":            "{.CidrBlock}",
			"DefaultNetworkAcl":    "acl-{hex:17}",
			"DefaultSecurityGroup": "sg-{hex:17}",
			"VpcId":                "{ref}",
		},
		derived: map[string]func(*Resource) any{
			"CidrBlockAssociations": func(r *Resource) any { return []any{r.standIn("vpc-cidr-assoc-{hex:17}")} },
			"Ipv6CidrBlocks":        func(*Resource) any { return []any{} },
		},
	},
	"AWS::EC2::VPCEndpoint": {
		ref:        "vpce-{hex:17}",
		attributes: map[string]string{"Id": "{ref}"},
		derived: map[string]func(*Resource) any{
			"DnsEntries":          func(r *Resource) any { return []any{r.standIn("{hex:14:zone}:{ref}.vpce.{suffix}")} },
			"NetworkInterfaceIds": func(r *Resource) any { return []any{r.standIn("eni-{hex:17}")} },
		},
	},
	"AWS::EC2::VPCGatewayAttachment": {ref: "IGW|{.VpcId}"},
	"AWS::ServiceDiscovery::PrivateDnsNamespace": {
		ref: "ns-{lower:16}", arn: arn("servicediscovery", "namespace/{ref}"),
		attributes: map[string]string{"Arn": "{arn}", "HostedZoneId": "Z{upper:20}", "Id": "{ref}"},
	},
	"AWS::ServiceDiscovery::Service": {
		ref: "srv-{lower:16}", arn: arn("servicediscovery", "service/{ref}"),
		attributes: map[string]string{"Arn": "{arn}", "Id": "{ref}", "Name": "{.Name}"},
	},
}
