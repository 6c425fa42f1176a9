mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_default_tags" {
    defaults = {
      tags = {
        Project = "acme"
      }
    }
  }

  mock_data "aws_eks_addon_version" {
    defaults = {
      version = "v1.0.0-eksbuild.1"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/mock"
    }
  }

  mock_resource "aws_launch_template" {
    defaults = {
      id             = "lt-00000000000000000"
      latest_version = 1
    }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = {
      arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/MOCK"
    }
  }

  mock_resource "aws_eks_cluster" {
    defaults = {
      arn      = "arn:aws:eks:eu-west-1:111122223333:cluster/acme-dev"
      endpoint = "https://MOCK.eks.amazonaws.com"
      certificate_authority = [{
        data = "bW9jaw=="
      }]
      identity = [{
        oidc = [{
          issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/MOCK"
        }]
      }]
    }
  }
}

variables {
  name        = "acme-dev"
  subnet_ids  = ["subnet-00000000000000001", "subnet-00000000000000002"]
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"

  access_entries = {
    platform = {
      principal_arn = "arn:aws:iam::111122223333:role/platform"
      policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    }
    orders = {
      principal_arn = "arn:aws:iam::111122223333:role/orders"
      policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
      namespaces    = ["orders"]
    }
  }
}

run "closes_the_control_plane" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "The API server must not have a public endpoint unless blocks are named."
  }

  assert {
    condition     = length(aws_eks_cluster.this.enabled_cluster_log_types) == 5 && aws_cloudwatch_log_group.cluster.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.cluster.retention_in_days == 365
    error_message = "All five logs have to be written, encrypted and kept for a year."
  }

  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == var.kms_key_arn
    error_message = "Kubernetes Secrets have to be encrypted with the key."
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Who may enter has to be decided by access entries alone."
  }
}

run "opens_the_api_to_named_blocks" {
  command = plan

  variables {
    endpoint_public_access_cidrs = ["198.51.100.0/24"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["198.51.100.0/24"])
    error_message = "The public endpoint has to be limited to the named blocks."
  }
}

run "lets_people_in" {
  command = plan

  assert {
    condition     = aws_eks_access_policy_association.this["platform"].access_scope[0].type == "cluster"
    error_message = "An entry without namespaces has to hold in the whole cluster."
  }

  assert {
    condition     = aws_eks_access_policy_association.this["orders"].access_scope[0].type == "namespace" && aws_eks_access_policy_association.this["orders"].access_scope[0].namespaces == toset(["orders"])
    error_message = "An entry with namespaces must not hold anywhere else."
  }
}

run "orders_addons_around_the_nodes" {
  command = plan

  assert {
    condition     = toset(keys(aws_eks_addon.before_nodes)) == toset(["eks-pod-identity-agent", "kube-proxy", "vpc-cni"])
    error_message = "What a node needs to become ready has to come before the nodes."
  }

  assert {
    condition     = toset(keys(aws_eks_addon.after_nodes)) == toset(["aws-ebs-csi-driver", "coredns"])
    error_message = "What runs in pods has to come after the nodes."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.before_nodes["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "Network policies have to be enforced."
  }

  assert {
    condition     = toset(keys(aws_iam_role.addon)) == toset(["aws-ebs-csi-driver", "vpc-cni"]) && !contains([for a in aws_iam_role_policy_attachment.node : basename(a.policy_arn)], "AmazonEKS_CNI_Policy")
    error_message = "Network and storage add-ons need roles of their own instead of the nodes'."
  }
}

run "takes_pinned_addons" {
  command = plan

  variables {
    addons = {
      coredns = {
        version              = "v1.13.1-eksbuild.1"
        configuration_values = "{\"replicaCount\":3}"
      }
    }
  }

  assert {
    condition     = aws_eks_addon.after_nodes["coredns"].addon_version == "v1.13.1-eksbuild.1" && aws_eks_addon.after_nodes["coredns"].configuration_values == "{\"replicaCount\":3}"
    error_message = "A given version and configuration have to be used."
  }

  assert {
    condition     = length(aws_eks_addon.before_nodes) == 0 && length(aws_iam_role.addon) == 0 && length(aws_iam_role_policy.ebs_csi_key) == 0 && length(data.aws_eks_addon_version.this) == 0
    error_message = "What was not asked for must not be made."
  }
}

run "hardens_the_nodes" {
  command = plan

  variables {
    node_groups = {
      default = {}
      spot = {
        ami_type       = "BOTTLEROCKET_ARM_64"
        capacity_type  = "SPOT"
        instance_types = ["m7g.large", "m6g.large"]
        desired_size   = 3
        disk_size      = 100
        taints         = [{ key = "spot", value = "true", effect = "NO_SCHEDULE" }]
      }
    }
  }

  assert {
    condition     = alltrue([for t in aws_launch_template.node : t.metadata_options[0].http_tokens == "required" && t.metadata_options[0].http_put_response_hop_limit == 1])
    error_message = "Pods must not reach the metadata service of their node."
  }

  assert {
    condition     = alltrue(flatten([for t in aws_launch_template.node : [for d in t.block_device_mappings : d.ebs[0].encrypted == "true" && d.ebs[0].kms_key_id == var.kms_key_arn]]))
    error_message = "Every disk has to be encrypted with the key."
  }

  assert {
    condition     = { for d in aws_launch_template.node["default"].block_device_mappings : d.device_name => d.ebs[0].volume_size } == { "/dev/xvda" = 50 }
    error_message = "Amazon Linux has one disk."
  }

  assert {
    condition     = [for d in aws_launch_template.node["spot"].block_device_mappings : d.device_name] == ["/dev/xvda", "/dev/xvdb"] && aws_launch_template.node["spot"].block_device_mappings[1].ebs[0].volume_size == 100
    error_message = "Bottlerocket's second disk is the one that has to be large."
  }

  assert {
    condition     = aws_eks_node_group.this["spot"].capacity_type == "SPOT" && one(aws_eks_node_group.this["spot"].taint).effect == "NO_SCHEDULE"
    error_message = "Capacity type and taints have to be passed on."
  }

  assert {
    condition     = aws_eks_node_group.this["default"].version == "1.35"
    error_message = "Nodes have to follow the version of the control plane."
  }

  assert {
    condition     = aws_eks_node_group.this["default"].scaling_config[0].desired_size == 2 && aws_eks_node_group.this["spot"].scaling_config[0].desired_size == 3
    error_message = "A group has to begin with its desired size, or else with its smallest."
  }
}

run "gives_pods_their_own_rights" {
  command = apply

  variables {
    pod_identities = {
      external-dns = {
        namespace       = "external-dns"
        service_account = "external-dns"
        policy_json     = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
      }
    }
  }

  assert {
    condition = toset([for c in data.aws_iam_policy_document.pod_identity_assume["external-dns"].statement[0].condition : "${c.variable}=${one(c.values)}"]) == toset([
      "aws:SourceAccount=111122223333",
      "aws:RequestTag/eks-cluster-arn=arn:aws:eks:eu-west-1:111122223333:cluster/acme-dev",
      "aws:RequestTag/kubernetes-namespace=external-dns",
      "aws:RequestTag/kubernetes-service-account=external-dns",
    ])
    error_message = "A role has to trust one service account of one cluster."
  }

  assert {
    condition     = aws_eks_pod_identity_association.this["external-dns"].namespace == "external-dns" && aws_eks_pod_identity_association.this["external-dns"].role_arn == aws_iam_role.pod_identity["external-dns"].arn
    error_message = "The service account has to be associated with its role."
  }

  assert {
    condition     = output.pod_identity_role_arns["external-dns"] == "arn:aws:iam::111122223333:role/mock" && output.node_role_arn == "arn:aws:iam::111122223333:role/mock"
    error_message = "Roles have to be handed out."
  }

  assert {
    condition     = output.cluster_name == "acme-dev" && output.cluster_endpoint == "https://MOCK.eks.amazonaws.com" && output.cluster_certificate_authority == "bW9jaw=="
    error_message = "A client has to learn where the cluster is and how to trust it."
  }

  assert {
    condition     = output.oidc_issuer == "oidc.eks.eu-west-1.amazonaws.com/id/MOCK" && endswith(output.oidc_provider_arn, output.oidc_issuer)
    error_message = "Issuer and provider have to belong together."
  }
}

run "rejects_an_open_api" {
  command = plan

  variables {
    endpoint_public_access_cidrs = ["198.51.100.0/24", "0.0.0.0/0"]
  }

  expect_failures = [var.endpoint_public_access_cidrs]
}

run "rejects_addons_without_their_rights" {
  command = plan

  variables {
    addons = {
      vpc-cni = {}
    }
  }

  expect_failures = [var.addons]
}

run "rejects_bad_node_groups" {
  command = plan

  variables {
    node_groups = {
      default = {
        ami_type      = "AL2_x86_64"
        capacity_type = "RESERVED"
        min_size      = 3
        max_size      = 2
        taints        = [{ key = "spot", effect = "NoSchedule" }]
      }
    }
  }

  expect_failures = [var.node_groups]
}

run "rejects_sessions_and_unknown_policies" {
  command = plan

  variables {
    access_entries = {
      platform = {
        principal_arn = "arn:aws:sts::111122223333:assumed-role/platform/somebody"
        policy_arn    = "arn:aws:iam::aws:policy/AdministratorAccess"
      }
    }
  }

  expect_failures = [var.access_entries]
}

run "rejects_two_roles_for_one_service_account" {
  command = plan

  variables {
    pod_identities = {
      one = { namespace = "dns", service_account = "external-dns", policy_json = "{}" }
      two = { namespace = "dns", service_account = "external-dns", policy_json = "{}" }
    }
  }

  expect_failures = [var.pod_identities]
}

run "rejects_other_bad_values" {
  command = plan

  variables {
    name               = "Acme"
    kubernetes_version = "1.35.2"
    subnet_ids         = ["subnet-00000000000000001"]
    kms_key_arn        = "alias/acme-dev"
    log_retention_days = 2
  }

  expect_failures = [var.name, var.kubernetes_version, var.subnet_ids, var.kms_key_arn, var.log_retention_days]
}
